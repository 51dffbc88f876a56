package dev.bursar.workload;

import dev.bursar.core.Caller;
import dev.bursar.core.Role;
import dev.bursar.lab.Labs;
import dev.bursar.web.Allowed;
import dev.bursar.web.Urgent;
import dev.bursar.workload.Freezing.Freeze;
import dev.bursar.workload.Freezing.Order;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/labs/{lab}/freeze")
@Tag(name = "labs")
class FreezeController {

    private final Freezing freezing;
    private final Labs labs;

    FreezeController(Freezing freezing, Labs labs) {
        this.freezing = freezing;
        this.labs = labs;
    }

    @PutMapping
    @Urgent
    @Allowed(Role.OWNER)
    @Operation(
            operationId = "freezeLab",
            summary = "Start nothing new in a lab, and stop what runs if you like",
            description =
                    "New work is accepted and waits as QUEUED with reason FROZEN, holding nothing; what is queued is not "
                            + "started. ALL also stops everything, LEASED only what has no end of its own. The answer says what stops "
                            + "and what it cost in an hour. Stops are durable and repeated until the end is seen.")
    Freeze freeze(
            Caller caller,
            @Parameter(example = "chem") @PathVariable String lab,
            @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content = @Content(examples = @ExampleObject(name = "nothing new", value = """
                    {"stop": "NOTHING", "reason": "the grant is being audited"}""")))
                    @Valid @RequestBody
                    Order asked) {
        return freezing.freeze(labs.labOf(caller, lab), asked, caller);
    }

    @DeleteMapping
    @Allowed(Role.OWNER)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            operationId = "unfreezeLab",
            summary = "End a lab's freeze",
            description = "What waits comes to its turn; what was stopped stays stopped. Repeating it changes nothing.")
    void unfreeze(Caller caller, @Parameter(example = "chem") @PathVariable String lab) {
        freezing.end(labs.labOf(caller, lab), caller);
    }
}
