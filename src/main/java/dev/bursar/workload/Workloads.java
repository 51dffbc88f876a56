package dev.bursar.workload;

import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.query.Param;

interface Workloads extends JpaRepository<Workload, String> {

    /** The workload as it is now, kept from everybody else until the transaction ends. */
    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @Query("select w from Workload w where w.id = :id")
    Optional<Workload> locked(@Param("id") String id);

    /**
     * What a freeze stops of a lab, locked in the order of ids.
     *
     * @param which everything, or only what has no end of its own
     */
    @Query(nativeQuery = true, value = """
            select * from workload
            where lab_id = :lab and stop_requested_at is null
              and state not in ('COMPLETED', 'FAILED', 'STOPPED', 'REJECTED')
              and (:which = 'ALL' or :which = 'LEASED' and jsonb_typeof(quote -> 'lease') = 'object')
            order by id for no key update
            """)
    List<Workload> lockedToStop(@Param("lab") String lab, @Param("which") String which);

    /** The same, if it was settled as work that never existed. */
    default Optional<Workload> lockedStray(String id) {
        return locked(id)
                .filter(workload -> workload.isSettled() && !workload.attempt().wasSeen());
    }

    /** The workload, if the claim is still good. */
    default Optional<Workload> claimed(Claim claim) {
        return findById(claim.id().value()).filter(workload -> workload.version() == claim.version());
    }
}
