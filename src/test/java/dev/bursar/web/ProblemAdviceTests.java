package dev.bursar.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.http.HttpStatus;

class ProblemAdviceTests {

    @Test
    void tellsToTryAgainWhoStoodInTheWayOfOthersForTooLong() {
        var answer = Objects.requireNonNull(
                new ProblemAdvice().othersAreInTheWay(new CannotAcquireLockException("deadlock detected")));

        assertThat(answer.getStatusCode()).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
    }
}
