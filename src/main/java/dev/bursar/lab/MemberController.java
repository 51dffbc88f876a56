package dev.bursar.lab;

import dev.bursar.core.Caller;
import dev.bursar.core.LabId;
import dev.bursar.core.Role;
import dev.bursar.web.Allowed;
import dev.bursar.web.Once;
import dev.bursar.web.Page;
import dev.bursar.web.Problem;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/labs/{lab}/members")
@Tag(name = "labs")
class MemberController {

    private final Membership membership;
    private final MemberRepository members;
    private final Labs access;
    private final Once once;

    MemberController(Membership membership, MemberRepository members, Labs access, Once once) {
        this.membership = membership;
        this.members = members;
        this.access = access;
        this.once = once;
    }

    @PostMapping
    @Allowed(Role.OWNER)
    @Operation(
            operationId = "addMember",
            summary = "Add a member to a lab",
            description =
                    "A person, or a portal's service account. A member who left may be added again, and needs new keys.")
    @ApiResponse(responseCode = "201", description = "added")
    @ApiResponse(responseCode = "409", description = "the lab has such a member", content = @Content)
    ResponseEntity<MemberView> add(
            Caller caller,
            @Parameter(example = "chem") @PathVariable String lab,
            @RequestHeader(name = Once.HEADER, required = false) @Nullable String key,
            @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content = @Content(examples = @ExampleObject(name = "ada", value = """
                    {"id": "ada", "name": "Ada Lovelace", "role": "MEMBER"}""")))
                    @Valid @RequestBody
                    NewMember asked) {
        LabId home = access.labOf(caller, lab);
        return once.answer(caller, key, new MemberOf(home, asked), MemberView.class, () -> {
            var member = membership.add(home, asked, caller);
            return ResponseEntity.created(URI.create("/api/v1/labs/" + lab + "/members/" + member.id()))
                    .body(MemberView.of(member));
        });
    }

    @GetMapping
    @Allowed(Role.VIEWER)
    @Operation(operationId = "listMembers", summary = "List a lab's members by id")
    ResponseEntity<Page<MemberView>> list(
            Caller caller,
            @Parameter(example = "chem") @PathVariable String lab,
            @Parameter(description = "next of the page before", example = "ada") @RequestParam @Nullable String cursor,
            @Parameter(description = "1 to 200, default 50", example = "50") @RequestParam @Nullable Integer limit) {
        var most = Page.limit(limit);
        var rows = members.page(access.labOf(caller, lab).value(), cursor, Limit.of(most + 1)).stream()
                .map(MemberView::of)
                .toList();
        return Page.of(rows, most, member -> member.id().value()).answer();
    }

    @GetMapping("/{member}")
    @Allowed(Role.VIEWER)
    @Operation(operationId = "getMember", summary = "Get a member")
    MemberView get(
            Caller caller,
            @Parameter(example = "chem") @PathVariable String lab,
            @Parameter(example = "ada") @PathVariable String member) {
        return members.findByLabIdAndMemberId(access.labOf(caller, lab).value(), member)
                .filter(found -> !found.hasLeft())
                .map(MemberView::of)
                .orElseThrow(() -> Problem.notFound("member", member));
    }

    @DeleteMapping("/{member}")
    @Allowed(Role.OWNER)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            operationId = "removeMember",
            summary = "Remove a member",
            description =
                    "The member's keys are revoked at once, for good; work that runs goes on. Repeating it changes nothing.")
    void remove(
            Caller caller,
            @Parameter(example = "chem") @PathVariable String lab,
            @Parameter(example = "ada") @PathVariable String member) {
        membership.remove(access.labOf(caller, lab), member, caller);
    }

    private record MemberOf(LabId lab, NewMember member) {}
}
