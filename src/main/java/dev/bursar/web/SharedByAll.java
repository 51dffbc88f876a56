package dev.bursar.web;

import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.tags.Tag;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.stereotype.Component;

/** Adds the problems to the published interface, and puts all of it into an order that a reader can follow. */
@Component
class SharedByAll implements OpenApiCustomizer {

    private static final List<String> READING_ORDER =
            List.of("labs", "api-keys", "budgets", "datasets", "catalogue", "estimates", "jobs", "audit");

    private static final Map<String, String> PROBLEMS = Map.of(
            "InvalidRequest", "the request is not valid; errors names the fields",
            "Unauthenticated", "no key, or one that is unknown, expired or revoked",
            "Forbidden", "your role does not allow this",
            "NotFound", "no such thing that you may see",
            "TooLarge", "the body is larger than allowed",
            "UnsupportedMediaType", "the body has a type that this operation does not take",
            "IdempotencyKeyReused", "the Idempotency-Key came with another request before",
            "AnyOther", "any other problem: docs/problems.md has them all");

    @Override
    public void customise(OpenAPI api) {
        var components = api.getComponents();
        addProblems(components);
        components.setSchemas(new TreeMap<>(components.getSchemas()));
        Map.copyOf(components.getSchemas()).values().forEach(parent -> untie(parent, components));
        api.setPaths(inOrder(api.getPaths()));
        api.setTags(api.getTags().stream()
                .sorted(Comparator.comparingInt(SharedByAll::place))
                .toList());
    }

    private static void addProblems(Components components) {
        var schemas = ModelConverters.getInstance(true).readAll(Shown.class);
        @SuppressWarnings("unchecked")
        var type = (io.swagger.v3.oas.models.media.Schema<String>) Objects.requireNonNull(
                Objects.requireNonNull(schemas.get("Problem")).getProperties().get("type"));
        type.setEnum(Arrays.stream(ProblemType.values())
                .map(each -> Problem.ADDRESS + each.slug())
                .toList());
        schemas.forEach(components::addSchemas);
        new TreeMap<>(PROBLEMS)
                .forEach((name, meaning) -> components.addResponses(
                        name, new ApiResponse().description(meaning).content(SharedByOperations.problem())));
    }

    /** A kind is said to contain its parent, which is one of its kinds: endless for whoever validates with it. */
    private static void untie(io.swagger.v3.oas.models.media.Schema<?> parent, Components components) {
        var discriminator = parent.getDiscriminator();
        if (discriminator == null || discriminator.getMapping() == null) {
            return;
        }
        discriminator.getMapping().forEach((kind, reference) -> {
            var name = reference.substring(reference.lastIndexOf('/') + 1);
            io.swagger.v3.oas.models.media.Schema<?> child =
                    Objects.requireNonNull(components.getSchemas().get(name));
            io.swagger.v3.oas.models.media.Schema<?> own = child.getAllOf().stream()
                    .filter(part -> part.get$ref() == null)
                    .findFirst()
                    .orElseThrow();
            own.addProperty(
                    discriminator.getPropertyName(), new io.swagger.v3.oas.models.media.StringSchema()._const(kind));
            own.setRequired(child.getRequired());
            own.addRequiredItem(discriminator.getPropertyName());
            components.addSchemas(name, own);
        });
        parent.setProperties(null);
    }

    private static Paths inOrder(Paths paths) {
        var ordered = new Paths();
        paths.entrySet().stream()
                .sorted(Comparator.comparingInt((Map.Entry<String, PathItem> path) -> place(path.getValue()))
                        .thenComparing(Map.Entry.comparingByKey()))
                .forEach(path -> ordered.addPathItem(path.getKey(), path.getValue()));
        return ordered;
    }

    private static int place(PathItem path) {
        return path.readOperations().stream()
                .flatMap(operation -> operation.getTags().stream())
                .mapToInt(READING_ORDER::indexOf)
                .findFirst()
                .orElse(READING_ORDER.size());
    }

    private static int place(Tag tag) {
        return READING_ORDER.indexOf(tag.getName());
    }

    /** What {@link Problem} looks like to a client. */
    @Schema(name = "Problem", description = "RFC 9457; some types add fields of their own")
    private record Shown(
            @Schema(description = "leads to what it means and what to do", example = "/problems/unaffordable")
            String type,

            @Schema(example = "The budget cannot pay the worst case")
            String title,

            @Schema(example = "422") int status,

            @Schema(description = "what is wrong with this request, for people")
            String detail,

            @Schema(description = "the path of the request", example = "/api/v1/jobs") @Nullable String instance,

            @Schema(example = "Ask for less, or for more budget.")
            String nextStep,

            @Schema(description = "each wrong field") @Nullable List<Problem.FieldError> errors,

            @Schema(description = "unaffordable: which budget", example = "06a0k9x4wsn3q7rt") @Nullable String budget,

            @Schema(description = "unaffordable: the worst case", example = "0.042931") @Nullable BigDecimal asked,

            @Schema(description = "unaffordable: what the budget has left", example = "0.01") @Nullable BigDecimal left) {}
}
