package dev.bursar.dataset;

import dev.bursar.core.Caller;
import dev.bursar.core.Role;
import dev.bursar.lab.Labs;
import dev.bursar.web.Allowed;
import dev.bursar.web.Once;
import dev.bursar.web.Page;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.net.URI;
import org.jspecify.annotations.Nullable;
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
@RequestMapping("/api/v1/datasets")
@Tag(name = "datasets", description = "Named data of a lab: the only way to upload files, and what jobs read by name")
class DatasetController {

    private static final String LAB = "for admins: the lab that is meant";

    private final Shelf shelf;
    private final Files files;
    private final Labs labs;
    private final Once once;

    DatasetController(Shelf shelf, Files files, Labs labs, Once once) {
        this.shelf = shelf;
        this.files = files;
        this.labs = labs;
        this.once = once;
    }

    @PostMapping
    @Allowed(Role.MEMBER)
    @Operation(
            operationId = "createDataset",
            summary = "Make an empty dataset",
            description =
                    "Its name stands in addresses and S3 keys and cannot be changed. Then send it files, one PUT each. "
                            + "Costs nothing by itself.")
    @ApiResponse(responseCode = "201", description = "made")
    @ApiResponse(responseCode = "409", description = "the name is taken", content = @Content)
    ResponseEntity<DatasetView> create(
            Caller caller,
            @RequestHeader(name = Once.HEADER, required = false) @Nullable String key,
            @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content = @Content(examples = @ExampleObject(name = "biopsies", value = """
                    {"lab": "chem", "name": "biopsies", "description": "569 breast biopsies: malignant, then 30 measurements"}""")))
                    @Valid @RequestBody
                    NewDataset asked) {
        var lab = labs.labOf(caller, asked.lab());
        return once.answer(caller, key, asked, DatasetView.class, () -> {
            var dataset = shelf.add(lab, asked.name(), asked.description(), caller);
            return ResponseEntity.created(URI.create("/api/v1/datasets/" + asked.name()))
                    .body(DatasetView.of(dataset));
        });
    }

    @GetMapping
    @Allowed(Role.VIEWER)
    @Operation(
            operationId = "listDatasets",
            summary = "List a lab's datasets by name",
            description = "Without their sizes, which are read one dataset at a time.")
    ResponseEntity<Page<DatasetView>> list(
            Caller caller,
            @Parameter(description = LAB, example = "chem") @RequestParam @Nullable String lab,
            @Parameter(description = "next of the page before", example = "biopsies") @RequestParam @Nullable String cursor,
            @Parameter(description = "1 to 200, default 50", example = "50") @RequestParam @Nullable Integer limit) {
        var most = Page.limit(limit);
        var rows = shelf.page(labs.labOf(caller, lab), cursor, most + 1).stream()
                .map(DatasetView::of)
                .toList();
        return Page.of(rows, most, DatasetView::name).answer();
    }

    @GetMapping("/{dataset}")
    @Allowed(Role.VIEWER)
    @Operation(
            operationId = "getDataset",
            summary = "Read a dataset with its size and what its storage costs",
            description =
                    "Counts up to 20,000 files. The price of storage, in US dollars a month, is S3's own: no budget "
                            + "covers it. Another lab's dataset, or none, answers 404.")
    @ApiResponse(responseCode = "200", description = "the dataset")
    @ApiResponse(responseCode = "404", description = "no such dataset that you may see", content = @Content)
    DatasetDetails get(
            Caller caller,
            @Parameter(example = "biopsies") @PathVariable String dataset,
            @Parameter(description = LAB, example = "chem") @RequestParam @Nullable String lab) {
        var owner = labs.labOf(caller, lab);
        var found = shelf.get(owner, dataset);
        return DatasetDetails.of(found, files.size(owner, dataset));
    }

    @DeleteMapping("/{dataset}")
    @Allowed(Role.MEMBER)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            operationId = "deleteDataset",
            summary = "Delete a dataset with all its files",
            description =
                    "Cannot be undone. Jobs that have not read it yet will fail; what they produced stays. May be "
                            + "repeated: what is gone answers 204 as well.")
    @ApiResponse(responseCode = "204", description = "gone")
    void delete(
            Caller caller,
            @Parameter(example = "scratch") @PathVariable String dataset,
            @Parameter(description = LAB, example = "chem") @RequestParam @Nullable String lab) {
        files.deleteAll(labs.labOf(caller, lab), dataset, caller);
    }
}
