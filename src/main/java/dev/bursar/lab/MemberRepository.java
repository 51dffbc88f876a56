package dev.bursar.lab;

import dev.bursar.core.Role;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

interface MemberRepository extends JpaRepository<Member, Long> {

    @Query(
            "select m from Member m where m.labId = :lab and m.removedAt is null and (:after is null or m.memberId > :after) order by m.memberId")
    List<Member> page(String lab, @Nullable String after, Limit limit);

    Optional<Member> findByLabIdAndMemberId(@Nullable String labId, String memberId);

    boolean existsByRole(Role role);
}
