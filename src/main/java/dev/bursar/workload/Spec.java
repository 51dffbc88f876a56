package dev.bursar.workload;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.bursar.core.Money;
import dev.bursar.core.ProjectId;
import org.jspecify.annotations.Nullable;

/** What somebody asks for: the body of the request, what is stored, and what the driver makes a SageMaker call of. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
public interface Spec {

    /** A label for people; the id is what is unique. */
    String name();

    /** For admins: whose it is. */
    @Nullable String lab();

    @Nullable ProjectId project();

    /** Higher ones leave the queue first; nothing is 0. */
    @Nullable Integer priority();

    /** The hold may not be more than this. */
    @Nullable Money maxCost();
}
