package dev.bursar.engine;

/** The one account and region that an engine serves. */
record Account(String region, String id) {

    /** What the ARNs of a service begin with. */
    String arns(String service) {
        return "arn:aws:%s:%s:%s:".formatted(service, region, id);
    }
}
