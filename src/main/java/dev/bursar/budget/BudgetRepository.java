package dev.bursar.budget;

import org.springframework.data.jpa.repository.JpaRepository;

interface BudgetRepository extends JpaRepository<Budget, String> {

    boolean existsByLabIdAndGivenIsTrueAndClosedAtIsNull(String labId);
}
