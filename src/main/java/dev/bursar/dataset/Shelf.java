package dev.bursar.dataset;

import dev.bursar.core.Caller;
import dev.bursar.core.LabId;
import dev.bursar.event.Events;
import dev.bursar.event.Fact;
import dev.bursar.web.Problem;
import dev.bursar.web.ProblemType;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** The datasets of a lab: which there are, and that each comes and goes with its trace in the audit log. */
@Component
class Shelf {

    private final DatasetRepository datasets;
    private final Events events;
    private final TransactionTemplate transaction;
    private final Clock clock;

    Shelf(DatasetRepository datasets, Events events, TransactionTemplate transaction, Clock clock) {
        this.datasets = datasets;
        this.events = events;
        this.transaction = transaction;
        this.clock = clock;
    }

    @Transactional(propagation = Propagation.MANDATORY)
    public Dataset add(LabId lab, DatasetName name, @Nullable String description, Caller caller) {
        if (datasets.existsById(Dataset.Key.of(lab, name.value()))) {
            throw taken(name);
        }
        try {
            var dataset = datasets.saveAndFlush(new Dataset(lab, name, description, clock.instant(), caller.actor()));
            events.append(Fact.of("dataset.created", lab, name.value(), described(dataset)), caller);
            return dataset;
        } catch (DataIntegrityViolationException e) {
            throw taken(name);
        }
    }

    Dataset get(LabId lab, String name) {
        return datasets.findById(Dataset.Key.of(lab, name)).orElseThrow(() -> none(name));
    }

    boolean has(LabId lab, String name) {
        return datasets.existsById(Dataset.Key.of(lab, name));
    }

    List<Dataset> page(LabId lab, @Nullable String after, int most) {
        return datasets.page(lab.value(), after, Limit.of(most));
    }

    void remove(LabId lab, String name, Caller caller) {
        transaction.executeWithoutResult(status -> datasets.lock(Dataset.Key.of(lab, name))
                .ifPresent(dataset -> {
                    datasets.delete(dataset);
                    events.append(new Fact("dataset.deleted", lab, name, described(dataset), null), caller);
                }));
    }

    /** Records what happened to a file, if the dataset is still there. */
    boolean note(LabId lab, String name, String what, Map<String, Object> file, Caller caller) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            var found = datasets.lock(Dataset.Key.of(lab, name)).isPresent();
            if (found) {
                events.append(Fact.of(what, lab, name, file), caller);
            }
            return found;
        }));
    }

    static Problem none(String name) {
        return new Problem(
                ProblemType.NOT_FOUND,
                "There is no dataset " + FilePath.shown(name)
                        + " that you may see. POST /api/v1/datasets makes one; then send the file again.");
    }

    private static Map<String, Object> described(Dataset dataset) {
        return dataset.description() == null ? Map.of() : Map.of("description", dataset.description());
    }

    private static Problem taken(DatasetName name) {
        return new Problem(ProblemType.ALREADY_EXISTS, "The lab has a dataset " + name + " already.");
    }
}
