package dev.bursar.aws;

import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/**
 * Has every call to SageMaker in one account paid for from its budget before it is made, and learns from throttles. The
 * SDK does not retry these calls, so each is one attempt.
 */
class CallToll implements ExecutionInterceptor {

    private final AwsAccount account;
    private final CallBudgets budgets;

    CallToll(AwsAccount account, CallBudgets budgets) {
        this.account = account;
        this.budgets = budgets;
    }

    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
        budgets.spend(account, operation(attributes));
    }

    @Override
    public void onExecutionFailure(Context.FailedExecution context, ExecutionAttributes attributes) {
        if (context.exception() instanceof SdkException e
                && !(e instanceof NoCallLeft)
                && Refusal.of(e) == Refusal.THROTTLED) {
            budgets.slowDown(account, operation(attributes));
        }
    }

    private static String operation(ExecutionAttributes attributes) {
        return attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
    }
}
