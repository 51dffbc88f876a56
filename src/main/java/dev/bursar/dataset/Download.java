package dev.bursar.dataset;

import java.nio.charset.StandardCharsets;
import org.springframework.core.io.InputStreamResource;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** A file on its way back: always as an attachment, so that no browser runs what somebody uploaded. */
final class Download {

    private Download() {}

    static ResponseEntity<InputStreamResource> answer(FilePath path, ResponseInputStream<GetObjectResponse> file) {
        var object = file.response();
        var part = object.contentRange() != null;
        var answer = ResponseEntity.status(part ? HttpStatus.PARTIAL_CONTENT : HttpStatus.OK)
                .contentType(MediaType.parseMediaType(ContentType.of(object.contentType())))
                .contentLength(object.contentLength())
                .header(HttpHeaders.ACCEPT_RANGES, "bytes")
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment()
                                .filename(path.name(), StandardCharsets.UTF_8)
                                .build()
                                .toString());
        if (part) {
            answer.header(HttpHeaders.CONTENT_RANGE, object.contentRange());
        }
        return answer.body(new InputStreamResource(file));
    }
}
