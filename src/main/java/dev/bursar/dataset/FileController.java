package dev.bursar.dataset;

import dev.bursar.core.Caller;
import dev.bursar.core.Role;
import dev.bursar.dataset.Files.FileView;
import dev.bursar.lab.Labs;
import dev.bursar.web.Allowed;
import dev.bursar.web.Page;
import dev.bursar.web.Streams;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.InputStreamResource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/datasets/{dataset}/files")
@Tag(name = "datasets")
class FileController {

    private static final String LAB = "for admins: the lab that is meant";

    private final Files files;
    private final Labs labs;

    FileController(Files files, Labs labs) {
        this.files = files;
        this.labs = labs;
    }

    @GetMapping
    @Allowed(Role.VIEWER)
    @Operation(
            operationId = "listFiles",
            summary = "List the files of a dataset by path",
            description = "Sizes in bytes. A dataset that you may not see answers 404.")
    @ApiResponse(responseCode = "200", description = "a page of files")
    @ApiResponse(responseCode = "404", description = "no such dataset that you may see", content = @Content)
    ResponseEntity<Page<FileView>> list(
            Caller caller,
            @Parameter(example = "biopsies") @PathVariable String dataset,
            @Parameter(description = "only paths that start so", example = "train") @RequestParam @Nullable String prefix,
            @Parameter(description = LAB, example = "chem") @RequestParam @Nullable String lab,
            @Parameter(description = "next of the page before", example = "train.csv") @RequestParam @Nullable String cursor,
            @Parameter(description = "1 to 200, default 50", example = "50") @RequestParam @Nullable Integer limit) {
        var most = Page.limit(limit);
        var start = prefix == null ? "" : FilePath.requireBeginning(prefix);
        var after = cursor == null ? null : FilePath.requireCursor(cursor);
        var found = files.list(labs.labOf(caller, lab), dataset, start, after, most + 1);
        return Page.of(found, most, FileView::path).answer();
    }

    @GetMapping("/{*path}")
    @Streams
    @Allowed(Role.VIEWER)
    @Operation(
            operationId = "getFile",
            summary = "Download a file",
            description = "Streams the bytes as they were uploaded. With Range: bytes=0-99, only those (206).")
    @ApiResponse(
            responseCode = "200",
            description = "the file",
            content =
                    @Content(
                            mediaType = "application/octet-stream",
                            schema = @Schema(type = "string", format = "binary")))
    @ApiResponse(
            responseCode = "206",
            description = "the bytes of the range",
            content =
                    @Content(
                            mediaType = "application/octet-stream",
                            schema = @Schema(type = "string", format = "binary")))
    @ApiResponse(responseCode = "404", description = "no such file that you may see", content = @Content)
    ResponseEntity<InputStreamResource> get(
            Caller caller,
            @Parameter(example = "biopsies") @PathVariable String dataset,
            @Parameter(description = FilePath.MEANING, example = "train.csv") @PathVariable String path,
            @Parameter(description = LAB, example = "chem") @RequestParam @Nullable String lab,
            @Parameter(description = "only these bytes: 206", example = "bytes=0-99")
                    @RequestHeader(name = HttpHeaders.RANGE, required = false)
                    @Nullable String range) {
        var name = FilePath.ofRest(path);
        return Download.answer(name, files.open(labs.labOf(caller, lab), dataset, name, range));
    }

    @DeleteMapping("/{*path}")
    @Allowed(Role.MEMBER)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            operationId = "deleteFile",
            summary = "Delete a file",
            description = "Cannot be undone. May be repeated: a file that is gone answers 204 as well.")
    @ApiResponse(responseCode = "204", description = "gone")
    @ApiResponse(responseCode = "404", description = "no such dataset that you may see", content = @Content)
    void delete(
            Caller caller,
            @Parameter(example = "biopsies") @PathVariable String dataset,
            @Parameter(description = FilePath.MEANING, example = "old.csv") @PathVariable String path,
            @Parameter(description = LAB, example = "chem") @RequestParam @Nullable String lab) {
        files.delete(labs.labOf(caller, lab), dataset, FilePath.ofRest(path), caller);
    }
}
