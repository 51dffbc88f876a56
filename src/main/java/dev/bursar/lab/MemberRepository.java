package dev.bursar.lab;

import dev.bursar.core.Role;
import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;

interface MemberRepository extends JpaRepository<Member, Long> {

    @Query(
            "select m from Member m where m.labId = :lab and m.removedAt is null and (:after is null or m.memberId > :after) order by m.memberId")
    List<Member> page(String lab, @Nullable String after, Limit limit);

    Optional<Member> findByLabIdAndMemberId(@Nullable String labId, String memberId);

    /** Holds the row until the transaction ends, so that a key and the member's removal follow one another. */
    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @Query(
            "select m from Member m where m.memberId = :member and (m.labId = :lab or (:lab is null and m.labId is null))")
    Optional<Member> lock(@Nullable String lab, String member);

    boolean existsByRole(Role role);
}
