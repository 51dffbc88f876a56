package dev.bursar.lab;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

interface LabRepository extends JpaRepository<Lab, String> {

    @Query(
            "select lab from Lab lab where (:only is null or lab.id = :only) and (:after is null or lab.id > :after) order by lab.id")
    List<Lab> page(@Nullable String only, @Nullable String after, org.springframework.data.domain.Limit limit);

    boolean existsByExternalId(String externalId);
}
