package dev.bursar.workload;

import jakarta.persistence.LockModeType;
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

    /** The workload, if the claim is still good. */
    default Optional<Workload> claimed(Claim claim) {
        return findById(claim.id().value()).filter(workload -> workload.version() == claim.version());
    }
}
