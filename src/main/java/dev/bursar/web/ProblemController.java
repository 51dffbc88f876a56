package dev.bursar.web;

import io.swagger.v3.oas.annotations.Hidden;
import java.util.Arrays;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Where the {@code type} of a problem leads: what it means and what to do next. Open to everybody. */
@RestController
@Hidden
class ProblemController {

    @GetMapping(Problem.ADDRESS + "{slug}")
    Map<String, Object> explain(@PathVariable String slug) {
        var type = Arrays.stream(ProblemType.values())
                .filter(each -> each.slug().equals(slug))
                .findFirst()
                .orElseThrow(() -> Problem.notFound("problem", slug));
        return Map.of(
                "type", Problem.ADDRESS + type.slug(),
                "status", type.status().value(),
                "meaning", type.title(),
                "nextStep", type.nextStep(),
                "wasICharged", type.charged());
    }
}
