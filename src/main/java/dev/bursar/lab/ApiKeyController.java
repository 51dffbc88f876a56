package dev.bursar.lab;

import dev.bursar.core.Caller;
import dev.bursar.core.MemberId;
import dev.bursar.core.Role;
import dev.bursar.web.Allowed;
import dev.bursar.web.Page;
import dev.bursar.web.Problem;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/api-keys")
@Tag(name = "api-keys", description = "What members call with")
class ApiKeyController {

    private final KeyRing ring;

    ApiKeyController(KeyRing ring) {
        this.ring = ring;
    }

    @PostMapping
    @Allowed(Role.VIEWER)
    @Operation(
            operationId = "createApiKey",
            summary = "Make an API key",
            description =
                    "The secret is in this answer and nowhere else, so the operation takes no Idempotency-Key: make another and revoke the lost one. "
                            + "Everybody makes keys for themselves, an owner for every member of the lab, an admin for everybody. "
                            + "Only an admin may give budgetsWrite, which lets a portal put money into the lab.")
    @ApiResponse(responseCode = "201", description = "made; the only time the secret is shown")
    ResponseEntity<FreshKey> create(
            Caller caller,
            @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content = @Content(examples = @ExampleObject(name = "ada's notebook", value = """
                    {"lab": "chem", "member": "ada", "label": "notebook", "expiresAt": "2036-01-01T00:00:00Z"}""")))
                    @Valid @RequestBody
                    NewKey asked) {
        var fresh = ring.make(asked, caller);
        return ResponseEntity.created(URI.create("/api/v1/api-keys/" + fresh.id()))
                .body(fresh);
    }

    @GetMapping
    @Allowed(Role.VIEWER)
    @Operation(
            operationId = "listApiKeys",
            summary = "List keys, newest first, without their secrets",
            description = "Your own; for an owner the lab's, for an admin all.")
    ResponseEntity<Page<KeyView>> list(
            Caller caller,
            @Parameter(description = "next of the page before", example = "06a0k9x4wsn3q7rt") @RequestParam @Nullable String cursor,
            @Parameter(description = "1 to 200, default 50", example = "50") @RequestParam @Nullable Integer limit) {
        return ring.list(caller, cursor, Page.limit(limit)).answer();
    }

    @DeleteMapping("/{key}")
    @Allowed(Role.VIEWER)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            operationId = "revokeApiKey",
            summary = "Revoke a key",
            description = "From now on it opens nothing. Repeating it changes nothing.")
    void revoke(Caller caller, @Parameter(example = "06a0k9x4wsn3q7rt") @PathVariable String key) {
        if (!ring.revoke(key, caller)) {
            throw Problem.notFound("API key", key);
        }
    }

    record NewKey(
            @Schema(description = "admins: which lab; absent for an admin's own key", example = "chem") @Nullable String lab,

            @Schema(type = "string", example = "ada") @NotNull MemberId member,

            @Schema(description = "what it is for", example = "notebook") @NotBlank @Size(max = 200) String label,

            @Schema(description = "no later than the key that you call with; when absent, with that key, or never")
            @Nullable Instant expiresAt,

            @Schema(description = "may put money into the lab", example = "false") @Nullable Boolean budgetsWrite) {}

    record FreshKey(
            String id,

            @Schema(description = "bsr_ and 256 random bits; shown once", example = "bsr_…")
            String secret,

            @Nullable String lab,
            @Schema(type = "string", example = "ada") MemberId member,
            Role role,
            @Nullable Instant expiresAt) {}

    record KeyView(
            String id,
            @Nullable String lab,
            @Schema(type = "string", example = "ada") MemberId member,
            String label,
            boolean budgetsWrite,
            Instant createdAt,
            @Nullable Instant expiresAt,
            @Nullable Instant revokedAt) {

        static KeyView of(ApiKey key, Member member) {
            var lab = member.lab();
            return new KeyView(
                    key.id(),
                    lab == null ? null : lab.value(),
                    member.id(),
                    key.label(),
                    key.mayFund(),
                    key.createdAt(),
                    key.expiresAt(),
                    key.revokedAt());
        }
    }
}
