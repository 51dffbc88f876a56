// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.cloudwatch;

import dev.bursar.engine.wire.Refusal;
import dev.bursar.engine.wire.WireError;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetLogEventsRequest;

/** Where a page of log events begins and in which direction it goes; written in tokens as {@code f/1024}. */
record LogPosition(long offset, boolean forward) {

    static LogPosition of(GetLogEventsRequest request, long end) {
        var token = request.nextToken();
        if (token == null) {
            return Boolean.TRUE.equals(request.startFromHead())
                    ? new LogPosition(0, true)
                    : new LogPosition(end, false);
        }
        if (!token.matches("[fb]/\\d{1,15}")) {
            throw new Refusal(
                    new WireError(400, "InvalidParameterException", "The specified nextToken is invalid: " + token));
        }
        return new LogPosition(Long.parseLong(token.substring(2)), token.startsWith("f"));
    }
}
