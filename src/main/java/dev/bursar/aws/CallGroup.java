package dev.bursar.aws;

/**
 * Operations that share one budget of calls. Each kind's Create has its own, and so have stops, so that a stop never
 * stands in line behind anything but other stops: this is the whole of the priority that rule C1 asks for between
 * operations.
 *
 * @param ceiling calls a second, at most
 */
record CallGroup(String name, double ceiling) {

    static CallGroup of(String operation, CallSettings settings) {
        if (operation.startsWith("Create")) {
            return new CallGroup(operation, settings.create());
        }
        if (operation.startsWith("Describe")) {
            return new CallGroup("Describe", settings.describe());
        }
        if (operation.startsWith("Stop") || operation.startsWith("Delete")) {
            return new CallGroup("Stop", settings.stop());
        }
        if (operation.startsWith("List")) {
            return new CallGroup("List", settings.list());
        }
        return operation.equals("Search")
                ? new CallGroup(operation, settings.search())
                : new CallGroup("Other", settings.other());
    }

    /** What may be saved up: two seconds' worth, so that a late draw loses nothing; and never less than one call. */
    double most() {
        return Math.max(1, 2 * ceiling);
    }

    /** What a replica takes at once: a second's worth. */
    int block() {
        return Math.max(1, (int) ceiling);
    }
}
