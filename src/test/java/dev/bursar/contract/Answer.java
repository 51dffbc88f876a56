package dev.bursar.contract;

import java.net.http.HttpHeaders;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the service answered. */
record Answer(int status, HttpHeaders headers, String body) {

    private static final JsonMapper JSON = new JsonMapper();

    JsonNode json() {
        return JSON.readTree(body);
    }

    String text(String field) {
        return json().path(field).asString("");
    }

    String id() {
        return text("id");
    }

    /** The last part of the problem's type, such as {@code not-found}. */
    String problem() {
        var type = isJson() ? text("type") : "";
        return type.substring(type.lastIndexOf('/') + 1);
    }

    /** The fields that a problem names, separated by commas. */
    String fields() {
        return String.join(
                ",",
                json().path("errors")
                        .valueStream()
                        .map(error -> error.path("field").asString(""))
                        .toList());
    }

    boolean isJson() {
        return contentType().contains("json");
    }

    String contentType() {
        return headers.firstValue("Content-Type").orElse("");
    }

    @Nullable String header(String name) {
        return headers.firstValue(name).orElse(null);
    }

    @Override
    public String toString() {
        return status + " " + (body.length() > 600 ? body.substring(0, 600) + "…" : body);
    }
}
