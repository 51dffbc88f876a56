package dev.bursar.lab;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;

interface ApiKeyRepository extends JpaRepository<ApiKey, String> {

    Optional<ApiKey> findByHash(byte[] hash);

    @Modifying(flushAutomatically = true)
    @Query(
            "update ApiKey k set k.revokedAt = :now, k.version = k.version + 1 where k.memberKey = :member and k.revokedAt is null")
    int revokeAllOf(long member, Instant now);

    @Query("""
            select k, m from ApiKey k join Member m on m.key = k.memberKey
            where (:lab is null or m.labId = :lab) and (:member is null or m.memberId = :member)
            and (:before is null or k.id < :before) order by k.id desc
            """)
    List<Object[]> page(@Nullable String lab, @Nullable String member, @Nullable String before, Limit limit);
}
