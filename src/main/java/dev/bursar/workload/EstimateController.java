package dev.bursar.workload;

import dev.bursar.aws.AwsClients;
import dev.bursar.core.Caller;
import dev.bursar.core.Role;
import dev.bursar.web.Allowed;
import dev.bursar.workload.Estimate.Admitted;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.time.Duration;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/estimates")
@Tag(name = "estimates", description = "What it would cost, before anything is asked for")
class EstimateController {

    private final Lifecycle lifecycle;
    private final Funding funding;
    private final AwsClients clients;

    EstimateController(Lifecycle lifecycle, Funding funding, AwsClients clients) {
        this.lifecycle = lifecycle;
        this.funding = funding;
        this.clients = clients;
    }

    @PostMapping
    @Allowed(Role.VIEWER)
    @Operation(
            operationId = "estimate",
            summary = "Say what a request would cost at most, and whether it would be admitted now",
            description =
                    "Takes the body of any create operation and makes the same checks. Holds nothing and promises nothing.")
    @ApiResponse(responseCode = "200", description = "what it would cost, and what would become of it now")
    @ApiResponse(responseCode = "422", description = "no price, unknown or unusable data", content = @Content)
    Estimate estimate(
            Caller caller,
            @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content =
                                    @Content(
                                            schema = @Schema(ref = "#/components/schemas/JobSpec"),
                                            examples = @ExampleObject(name = "XGBoost on biopsies", value = """
                    {"kind": "training", "lab": "chem", "name": "biopsies",
                     "algorithm": {"builtIn": "xgboost", "version": "1.7-1"},
                     "hyperparameters": {"objective": "binary:logistic", "num_round": 100, "max_depth": 5, "eta": 0.2},
                     "inputs": {"train": {"dataset": "biopsies", "path": "train.csv"}},
                     "compute": {"instanceType": "ml.m5.large", "instanceCount": 1, "volumeSizeGb": 10},
                     "maxRuntime": "PT10M"}""")))
                    @Valid @RequestBody
                    Spec asked) {
        var request = lifecycle.prepare(asked, caller);
        var quote = request.quote();
        var shortage = funding.wouldHold(request, caller.member()).orElse(null);
        var over = Lifecycle.overMaxCost(request).orElse(null);
        return new Estimate(
                quote.worstCase(),
                quote.instanceType(),
                quote.instances(),
                quote.perInstance().usdPerHour(),
                quote.perInstance().priceBook(),
                quote.limit(),
                quote.ending(),
                over != null
                        ? Admitted.NO
                        : shortage == null ? Admitted.NOW : shortage.mayPass() ? Admitted.QUEUED : Admitted.NO,
                funding.payers(request, caller.member()),
                shortage == null ? null : shortage.budget(),
                shortage == null ? null : shortage.left(),
                over != null ? over.getBody().getDetail() : shortage == null ? null : shortage.sentence(),
                clients.isSimulated(),
                clients.isSimulated() ? quote.aboutOnAws(Duration.ofSeconds(5L * quote.instances())) : null);
    }
}
