package dev.bursar.workload;

import dev.bursar.core.LabId;
import java.util.Optional;

/** The only code that knows how one kind looks in SageMaker. Without state; every call may be repeated. */
public interface Driver<S extends Spec> {

    /** The kind's name in JSON, tables and statements. */
    String kind();

    Class<S> specType();

    /** What is asked, with defaults filled in and names of data made addresses: what is stored is what will run. */
    S resolve(S asked, LabId lab);

    Quote quote(S spec, LabId lab);

    /** Creates it. Called again for the same run only if it is not known to exist. */
    void start(Run<S> run);

    /** Describes it; empty when SageMaker knows no such name. */
    Optional<Observation> look(Run<S> run);

    /** Stops it; harmless when it is over. */
    void stop(Run<S> run);
}
