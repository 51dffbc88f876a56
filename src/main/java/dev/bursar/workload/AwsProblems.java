package dev.bursar.workload;

import dev.bursar.web.Problem;
import dev.bursar.web.ProblemType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import software.amazon.awssdk.core.exception.SdkException;

/** What AWS does not answer while somebody waits for it: an outage of AWS's, and no mistake of ours. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class AwsProblems {

    private static final Logger log = LoggerFactory.getLogger(AwsProblems.class);

    @ExceptionHandler(SdkException.class)
    ResponseEntity<ProblemDetail> awsIsSilent(SdkException e) {
        log.warn("AWS refused what a client asked for; the client is told to try again: {}", e.getMessage());
        var problem = new Problem(ProblemType.AWS_UNAVAILABLE, "AWS does not do what it was asked at the moment.");
        return new ResponseEntity<>(problem.getBody(), problem.getHeaders(), problem.getStatusCode());
    }
}
