package dev.bursar.catalogue;

import dev.bursar.core.Caller;
import dev.bursar.core.Role;
import dev.bursar.web.Allowed;
import dev.bursar.web.Problem;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/algorithms")
@Tag(name = "catalogue")
class AlgorithmController {

    @GetMapping
    @Allowed(Role.VIEWER)
    @Operation(
            operationId = "listAlgorithms",
            summary = "List what can be trained with",
            description =
                    "The built-in algorithms and one's own scripts, in brief: versions, frameworks and input channels. "
                            + "Hyperparameters and metrics are read one algorithm at a time.")
    @ApiResponse(responseCode = "200", description = "all of them; the list is short")
    Algorithms list(Caller caller) {
        return new Algorithms(Algorithm.ALL.stream().map(Algorithm::inBrief).toList());
    }

    @GetMapping("/{algorithm}")
    @Allowed(Role.VIEWER)
    @Operation(
            operationId = "getAlgorithm",
            summary = "Read an algorithm with all its hyperparameters",
            description =
                    "Versions, input channels, every hyperparameter with its range and default, and the metrics it "
                            + "reports. A request with a hyperparameter outside its range is refused before any money is held. "
                            + "An algorithm that does not exist answers 404.")
    @ApiResponse(responseCode = "200", description = "the algorithm")
    @ApiResponse(responseCode = "404", description = "there is no such algorithm", content = @Content)
    Algorithm get(
            Caller caller, @Parameter(description = "its name", example = "xgboost") @PathVariable String algorithm) {
        return Algorithm.ALL.stream()
                .filter(known -> known.name().equals(algorithm))
                .findFirst()
                .orElseThrow(() -> Problem.notFound("algorithm", Spelling.shortened(algorithm)));
    }

    record Algorithms(List<Algorithm> items) {}
}
