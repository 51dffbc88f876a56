package dev.bursar.dataset;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;

interface DatasetRepository extends JpaRepository<Dataset, Dataset.Key> {

    @Query(
            "select d from Dataset d where d.key.labId = :lab and (:after is null or d.key.name > :after) order by d.key.name")
    List<Dataset> page(String lab, @Nullable String after, Limit limit);

    /** Holds the row until the transaction ends, so that an upload and the dataset's deletion follow one another. */
    @Lock(jakarta.persistence.LockModeType.PESSIMISTIC_WRITE)
    @Query("select d from Dataset d where d.key = :key")
    Optional<Dataset> lock(Dataset.Key key);
}
