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
import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/instance-types")
@Tag(name = "catalogue", description = "Instance types with their prices, and the algorithms that can be run")
class InstanceTypeController {

    private final Catalogue catalogue;
    private final Regions regions;

    InstanceTypeController(Catalogue catalogue, Regions regions) {
        this.catalogue = catalogue;
        this.regions = regions;
    }

    @GetMapping
    @Allowed(Role.VIEWER)
    @Operation(
            operationId = "listInstanceTypes",
            summary = "List instance types that fit, the cheapest first",
            description = "The first item is the cheapest type that fits. Prices are AWS list prices in US dollars per "
                    + "instance-hour for the component asked for, with source and date; the volume is paid on top, per "
                    + "GB-month of 672 hours (0 on types with local disks). Outside us-east-1 only hosting prices of ten "
                    + "types are known; types without a known price are left out, because work on them is refused. "
                    + "An unknown component or category, or a number out of range, answers 400.")
    @ApiResponse(responseCode = "200", description = "what fits, possibly nothing")
    @ApiResponse(responseCode = "400", description = "a filter is not possible", content = @Content)
    InstanceTypes list(Caller caller, @ParameterObject @Valid @ModelAttribute Wish wish) {
        var region = regions.of(caller, wish.region());
        return InstanceTypes.of(catalogue, wish, region);
    }

    @GetMapping("/{instanceType}")
    @Allowed(Role.VIEWER)
    @Operation(
            operationId = "getInstanceType",
            summary = "Read one instance type with the prices of all its uses",
            description =
                    "For each component: whether SageMaker offers the type for it, the list price in US dollars per "
                            + "instance-hour and of a GB-month of volume, and who says so as of when. No usdPerHour: no known "
                            + "price, and work on it is refused. A type that does not exist answers 404.")
    @ApiResponse(responseCode = "200", description = "the type and what it costs for each component")
    @ApiResponse(responseCode = "404", description = "there is no such type", content = @Content)
    InstanceTypeDetails get(
            Caller caller,
            @Parameter(description = "its name in SageMaker", example = "ml.m5.large") @PathVariable
                    String instanceType,
            @Parameter(description = "AWS region; your lab's own by default", example = "us-east-1")
                    @RequestParam
                    @Nullable String region) {
        var type = catalogue
                .find(instanceType)
                .orElseThrow(() -> Problem.notFound("instance type", Spelling.shortened(instanceType)));
        return InstanceTypeDetails.of(catalogue, type, regions.of(caller, region));
    }
}
