// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.wire;

/** The one account and region that an engine serves. */
public record Account(String region, String id) {

    /** What the ARNs of a service begin with. */
    public String arns(String service) {
        return "arn:aws:%s:%s:%s:".formatted(service, region, id);
    }
}
