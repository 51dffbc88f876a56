package dev.bursar.workload;

import dev.bursar.core.StorableText;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The drivers by kind, and the specs as they are kept: read leniently, because an older version may have written them. */
@Component
class Drivers {

    /** As an escape, and no backslash before it that takes its meaning. */
    private static final Pattern NUL = Pattern.compile("(?<!\\\\)((?:\\\\\\\\)*)\\\\u0000");

    private final Map<String, Driver<?>> byKind;
    private final JsonMapper json;

    Drivers(List<Driver<?>> drivers, JsonMapper json) {
        this.byKind = drivers.stream().collect(Collectors.toUnmodifiableMap(Driver::kind, Function.identity()));
        var lenient = json.rebuild().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
        drivers.forEach(driver -> lenient.registerSubtypes(
                new tools.jackson.databind.jsontype.NamedType(driver.specType(), driver.kind())));
        this.json = lenient.build();
    }

    @SuppressWarnings("unchecked")
    <S extends Spec> Driver<S> of(S spec) {
        return (Driver<S>) byKind.values().stream()
                .filter(driver -> driver.specType().isInstance(spec))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no driver for " + spec.getClass()));
    }

    @SuppressWarnings("unchecked")
    Driver<Spec> ofKind(String kind) {
        return (Driver<Spec>) Objects.requireNonNull(byKind.get(kind), kind);
    }

    /** Kinds of which SageMaker tells what has changed. */
    List<String> withNews() {
        return byKind.values().stream()
                .filter(Driver::hasNews)
                .map(Driver::kind)
                .toList();
    }

    String write(Object value) {
        return json.writeValueAsString(value);
    }

    String writeSpec(Spec spec) {
        return json.writerFor(Spec.class).writeValueAsString(spec);
    }

    /** Of what AWS says, and not somebody here: what PostgreSQL refuses in JSON is left out of it. */
    String writeFoundSpec(Spec spec) {
        var text = NUL.matcher(writeSpec(spec)).replaceAll("$1\\\\ufffd");
        return StorableText.of(text, Integer.MAX_VALUE);
    }

    Spec readSpec(String text) {
        return json.readValue(text, Spec.class);
    }

    <T> T read(String text, Class<T> type) {
        return json.readValue(text, type);
    }
}
