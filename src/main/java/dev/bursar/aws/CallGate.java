package dev.bursar.aws;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.http.SdkHttpRequest;

/** Stands before every call to AWS: none is made while a transaction is open, and all are counted. */
@Component
class CallGate implements ExecutionInterceptor {

    private static final String CALLS = "bursar.aws.calls";

    private final MeterRegistry meters;

    CallGate(MeterRegistry meters) {
        this.meters = meters;
    }

    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException(
                    "AWS may not be called while a transaction is open: " + operation(attributes));
        }
    }

    /** Without it, a server that answers before it was asked for leave to go on breaks the JDK's HTTP client. */
    @Override
    public SdkHttpRequest modifyHttpRequest(Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
        return context.httpRequest().toBuilder().removeHeader("Expect").build();
    }

    @Override
    public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
        count(attributes, "ok");
    }

    @Override
    public void onExecutionFailure(Context.FailedExecution context, ExecutionAttributes attributes) {
        count(
                attributes,
                context.exception() instanceof AwsServiceException e && e.awsErrorDetails() != null
                        ? e.awsErrorDetails().errorCode()
                        : "no answer");
    }

    private void count(ExecutionAttributes attributes, String outcome) {
        meters.counter(CALLS, "operation", operation(attributes), "outcome", outcome)
                .increment();
    }

    private static String operation(ExecutionAttributes attributes) {
        return attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
    }
}
