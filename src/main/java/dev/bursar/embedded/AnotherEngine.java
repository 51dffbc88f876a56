package dev.bursar.embedded;

/** The work of this database runs on the engine of another service. */
final class AnotherEngine extends RuntimeException {

    AnotherEngine() {
        super(
                "The work in this database runs on the engine of another Bursar (of another BURSAR_HOME). Join that engine with"
                        + " bursar.engine.url, bursar.engine.s3-url, bursar.engine.access-key-id and"
                        + " bursar.engine.secret-access-key (they stand in its aws.env); or, if it is gone for good and its jobs with"
                        + " it, take its place with bursar.engine.replaces-another=true.");
    }
}
