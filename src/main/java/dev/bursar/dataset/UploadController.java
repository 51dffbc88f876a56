package dev.bursar.dataset;

import dev.bursar.core.Caller;
import dev.bursar.core.Role;
import dev.bursar.dataset.Files.Body;
import dev.bursar.lab.Labs;
import dev.bursar.web.Allowed;
import dev.bursar.web.Streams;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/datasets/{dataset}/files")
@Tag(name = "datasets")
class UploadController {

    private final Files files;
    private final Labs labs;

    UploadController(Files files, Labs labs) {
        this.files = files;
        this.labs = labs;
    }

    @PutMapping("/{*path}")
    @Streams
    @Allowed(Role.MEMBER)
    @Operation(
            operationId = "putFile",
            summary = "Upload a file, or an archive as it is",
            description =
                    "The body is the file, of any type, at most 5 GB unless the installation says otherwise (413); it "
                            + "streams through. It is there completely or not at all, and replaces an older one in one step. With "
                            + "curl: curl -T train.csv. A dataset that does not exist answers 404: make it first.",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = "application/octet-stream",
                                            schema = @Schema(type = "string", format = "binary"),
                                            examples = {
                                                @ExampleObject(name = "train.csv", value = UploadExamples.TRAIN_CSV),
                                                @ExampleObject(name = "train.py", value = UploadExamples.TRAIN_PY)
                                            })))
    @ApiResponse(responseCode = "201", description = "kept under a new path")
    @ApiResponse(responseCode = "200", description = "kept in place of an older file")
    @ApiResponse(responseCode = "404", description = "no such dataset that you may see", content = @Content)
    @ApiResponse(responseCode = "409", description = "the path is a folder, or lies in a file", content = @Content)
    @ApiResponse(responseCode = "413", description = "the file is larger than allowed", content = @Content)
    ResponseEntity<Uploaded> put(
            Caller caller,
            @Parameter(example = "biopsies") @PathVariable String dataset,
            @Parameter(
                            description = FilePath.MEANING,
                            examples = {
                                @ExampleObject(name = "train.csv", value = "train.csv"),
                                @ExampleObject(name = "train.py", value = "train.py")
                            })
                    @PathVariable
                    String path,
            @Parameter(description = "for admins: the lab that is meant", example = "chem") @RequestParam @Nullable String lab,
            @Parameter(hidden = true) HttpServletRequest request)
            throws IOException {
        var body = new Body(
                request.getInputStream(), request.getContentLengthLong(), ContentType.of(request.getContentType()));
        var stored = files.put(labs.labOf(caller, lab), dataset, FilePath.ofRest(path), body, caller);
        return ResponseEntity.status(stored.replaced() ? HttpStatus.OK : HttpStatus.CREATED)
                .header(HttpHeaders.LOCATION, request.getRequestURI())
                .body(new Uploaded(dataset, stored.path().value(), stored.bytes(), stored.s3Uri()));
    }

    /** What was kept. */
    @Schema(name = "UploadedFile")
    record Uploaded(
            @Schema(example = "biopsies") String dataset,
            @Schema(example = "train.csv") String path,
            @Schema(example = "118290") long bytes,

            @Schema(example = "s3://bursar-x7k2q9/labs/chem/datasets/biopsies/train.csv")
            String s3Uri) {}
}
