package dev.bursar.web;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.module.SimpleModule;

/** How we read and write JSON: strictly, so that a misspelt field is found by its name, and money as a plain number. */
@Configuration(proxyBeanMethods = false)
class JsonConfiguration {

    @Bean
    JsonMapperBuilderCustomizer strictJson() {
        return json -> json.enable(
                        DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                        DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                        DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                        DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
                .changeDefaultPropertyInclusion(inclusion ->
                        inclusion.withValueInclusion(com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL))
                .addModule(new SimpleModule("durations").addDeserializer(Duration.class, new Durations()));
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
            } catch (java.time.DateTimeException e) {
                throw new IllegalArgumentException("'" + text + "' is not a duration; write PT10M or 10m", e);
            }
        }
    }
}
