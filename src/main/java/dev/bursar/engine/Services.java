package dev.bursar.engine;

/** Who answers which operation, and what goes on after a restart. */
final class Services {

    private final RunParts parts;
    private final TrainingJobs training;
    private final ProcessingJobs processing;

    Services(RunParts parts) {
        this.parts = parts;
        this.training = new TrainingJobs(parts);
        this.processing = new ProcessingJobs(parts);
    }

    Operations operations() {
        var operations = new Operations();
        training.register(operations);
        processing.register(operations);
        new Tags(parts.estate()).register(operations);
        new LogEvents(new LogGroups(parts.estate()), parts.settings()).register(operations);
        return operations;
    }

    void resume() {
        training.resume();
        processing.resume();
    }
}
