// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.nastiness;

import dev.bursar.engine.store.Estate;
import dev.bursar.engine.wire.Manner;
import java.time.Clock;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the nastiness in force does to operations whose request is understood and valid. */
public final class Quirks implements Manner {

    private final Moods moods;
    private final Quotas quotas;
    private final Delays delays;
    private final Upkeep upkeep;

    public Quirks(Moods moods, Clock clock, Estate estate, Quotas quotas) {
        this.moods = moods;
        this.quotas = quotas;
        this.delays = new Delays(estate, clock);
        this.upkeep = new Upkeep(estate.endpoints());
    }

    @Override
    public ObjectNode answer(String operation, JsonNode request, Function<JsonNode, ObjectNode> calm) {
        var nastiness = moods.nastiness();
        if (nastiness.equals(Nastiness.OFF)) {
            return calm.apply(request);
        }
        var updating = nastiness.endpoints().systemUpdating();
        delays.before(operation, request, nastiness.lags());
        upkeep.before(operation, request, updating);
        var answer = counted(operation, request, calm, nastiness.jobs());
        delays.after(operation, request, answer, nastiness);
        Upkeep.after(operation, answer, updating);
        return answer;
    }

    /** Where there are quotas, one call that adds instances follows the other, lest two take the last one. */
    private ObjectNode counted(
            String operation, JsonNode request, Function<JsonNode, ObjectNode> calm, Nastiness.Jobs jobs) {
        if (jobs.quotas().isEmpty() || !quotas.concern(operation)) {
            return calm.apply(request);
        }
        synchronized (quotas) {
            quotas.check(operation, request, jobs.quotas());
            return calm.apply(request);
        }
    }
}
