package dev.bursar.lab;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

interface ApiKeyRepository extends JpaRepository<ApiKey, String> {

    Optional<ApiKey> findByHash(byte[] hash);

    @Query("""
            select k, m from ApiKey k join Member m on m.key = k.memberKey
            where (:lab is null or m.labId = :lab) and (:member is null or m.memberId = :member)
            and (:before is null or k.id < :before) order by k.id desc
            """)
    List<Object[]> page(@Nullable String lab, @Nullable String member, @Nullable String before, Limit limit);
}
