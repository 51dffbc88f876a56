package dev.bursar.dataset;

import dev.bursar.web.Problem;
import dev.bursar.web.ProblemType;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/** The type that an uploaded file is kept and given back with. Whatever it says, the file is never read by it. */
final class ContentType {

    private ContentType() {}

    static String of(@Nullable String header) {
        var type = header == null || header.isBlank() ? MediaType.APPLICATION_OCTET_STREAM : parsed(header);
        if (type.getType().equals("multipart")) {
            throw new Problem(
                    ProblemType.UNSUPPORTED_MEDIA_TYPE,
                    "Send the file itself as the body, as curl -T does; a form would be kept with its wrapping.");
        }
        return type.isCompatibleWith(MediaType.APPLICATION_FORM_URLENCODED)
                ? MediaType.APPLICATION_OCTET_STREAM_VALUE
                : type.toString();
    }

    private static MediaType parsed(String header) {
        try {
            var type = MediaType.parseMediaType(header);
            if (!type.isConcrete()) {
                throw Problem.invalid("Content-Type", "must be one type, not " + FilePath.shown(header));
            }
            return type;
        } catch (InvalidMediaTypeException e) {
            throw Problem.invalid("Content-Type", "must be a type such as text/csv, not " + FilePath.shown(header));
        }
    }
}
