package dev.bursar.lab;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

interface ProjectRepository extends JpaRepository<Project, Project.Key> {

    @Query(
            "select p from Project p where p.key.labId = :lab and (:after is null or p.key.id > :after) order by p.key.id")
    List<Project> page(String lab, @Nullable String after, Limit limit);
}
