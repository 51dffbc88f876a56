package dev.bursar.web;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.module.SimpleModule;

/** How we read and write JSON: strictly, so that a misspelt field is found by its name, and money as a plain number. */
@Configuration(proxyBeanMethods = false)
class JsonConfiguration {

    private static final String TIME = "is not a time from 1970 to 9999; write 2026-12-31T00:00:00Z";

    @Bean
    JsonMapperBuilderCustomizer strictJson() {
        return json -> json.enable(
                        DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                        DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                        DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                        DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
                .changeDefaultPropertyInclusion(inclusion ->
                        inclusion.withValueInclusion(com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL))
                .addModule(new SimpleModule("bursar")
                        .addDeserializer(Duration.class, new Durations())
                        .addDeserializer(Instant.class, new Times())
                        .addDeserializer(String.class, new Texts()));
    }

    /** Times as people write them, and only those that PostgreSQL can keep. */
    private static final class Times extends StdDeserializer<Instant> {

        private static final Instant FIRST = Instant.parse("1970-01-01T00:00:00Z");
        private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

        Times() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(JsonParser parser, DeserializationContext context) {
            if (!parser.hasToken(JsonToken.VALUE_STRING)) {
                return (Instant) context.handleUnexpectedToken(getValueType(context), parser);
            }
            try {
                var time = OffsetDateTime.parse(parser.getString()).toInstant();
                if (!time.isBefore(FIRST) && !time.isAfter(LAST)) {
                    return time;
                }
            } catch (DateTimeException e) {
                throw new IllegalArgumentException(TIME, e);
            }
            throw new IllegalArgumentException(TIME);
        }
    }

    /** Takes text for text and nothing else. PostgreSQL keeps any but one with the character NUL in it. */
    private static final class Texts extends StdDeserializer<String> {

        Texts() {
            super(String.class);
        }

        @Override
        public @Nullable String deserialize(JsonParser parser, DeserializationContext context) {
            if (!parser.hasToken(JsonToken.VALUE_STRING)) {
                return (String) context.handleUnexpectedToken(getValueType(context), parser);
            }
            var text = parser.getString();
            if (text.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("contains the character NUL");
            }
            return text;
        }
    }

    /** Reads {@code PT10M} and {@code 10m}; always written as the former. */
    private static final class Durations extends StdDeserializer<Duration> {

        private static final Pattern SHORT = Pattern.compile("([0-9]{1,9})\\s*([smhd])");

        Durations() {
            super(Duration.class);
        }

        @Override
        public Duration deserialize(JsonParser parser, DeserializationContext context) {
            var text = parser.getString();
            var brief = SHORT.matcher(text.toLowerCase(Locale.ROOT));
            try {
                return brief.matches()
                        ? Duration.parse(("d".equals(brief.group(2)) ? "P" : "PT")
                                + brief.group(1)
                                + brief.group(2).toUpperCase(Locale.ROOT))
                        : Duration.parse(text);
            } catch (DateTimeException e) {
                throw new IllegalArgumentException("'" + text + "' is not a duration; write PT10M or 10m", e);
            }
        }
    }
}
