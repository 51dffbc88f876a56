package dev.bursar.workload;

import java.util.Optional;
import org.springframework.data.jpa.repository.JpaRepository;

interface Workloads extends JpaRepository<Workload, String> {

    /** The workload, if the claim is still good. */
    default Optional<Workload> claimed(Claim claim) {
        return findById(claim.id().value()).filter(workload -> workload.version() == claim.version());
    }
}
