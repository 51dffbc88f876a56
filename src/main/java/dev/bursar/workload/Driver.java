package dev.bursar.workload;

import dev.bursar.aws.AwsAccount;
import dev.bursar.core.LabId;
import dev.bursar.core.StorableText;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The only code that knows how one kind looks in SageMaker. Without state; every call may be repeated. */
public interface Driver<S extends Spec> {

    /** The kind's name in JSON, tables and statements. */
    String kind();

    Class<S> specType();

    /** What is asked, with defaults filled in and names of data made addresses: what is stored is what will run. */
    S resolve(S asked, LabId lab);

    Quote quote(S spec, LabId lab);

    /**
     * Makes ready what creates it, and sends nothing of that yet: whatever is thrown here, surely nothing was created. Called
     * again for the same run only if it is not known to exist.
     */
    Create ready(Run<S> run);

    /** Describes it; empty when SageMaker knows no such name. */
    Optional<Observation> look(Run<S> run);

    /** Stops it; harmless when it is over. */
    void stop(Run<S> run);

    /** Whether {@link #changedSince} says anything. */
    default boolean hasNews() {
        return false;
    }

    /**
     * What has changed of everything whose name starts like this, oldest change first, page by page; each page is asked for
     * when it is come to. A hint: it may be late, doubled or incomplete.
     */
    default Iterable<List<Change>> changedSince(AwsAccount account, String prefix, Instant since) {
        return List.of();
    }

    /** What SageMaker has under this name, as it would have been asked for; empty if there is no such thing. */
    default Optional<Found<S>> find(AwsAccount account, String name) {
        return Optional.empty();
    }

    /** A Create that has only to be sent. */
    @FunctionalInterface
    interface Create {
        void send();
    }

    /**
     * News of one name.
     *
     * @param at SageMaker's last modified time
     */
    record Change(String name, State state, Instant at) {

        public Change {
            name = StorableText.of(name, 256);
        }
    }

    /**
     * Something that nobody here knows.
     *
     * @param outputUri where its results go
     */
    record Found<S extends Spec>(String outputUri, S spec) {

        public Found {
            outputUri = StorableText.of(outputUri, 2_048);
        }
    }
}
