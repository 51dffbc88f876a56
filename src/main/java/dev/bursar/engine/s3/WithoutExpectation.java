// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.s3;

import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * Sends bodies without asking first. When a server has dropped a kept connection, {@code HttpURLConnection} that waits
 * for the {@code 100 Continue} fails with an error which the SDK does not repeat; without the question it does.
 */
public final class WithoutExpectation implements ExecutionInterceptor {

    @Override
    public SdkHttpRequest modifyHttpRequest(Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
        return context.httpRequest().toBuilder().removeHeader("Expect").build();
    }
}
