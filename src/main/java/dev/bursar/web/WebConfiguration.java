package dev.bursar.web;

import java.util.Set;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.converter.ByteArrayHttpMessageConverter;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.http.converter.ResourceHttpMessageConverter;
import org.springframework.http.converter.ResourceRegionHttpMessageConverter;
import org.springframework.http.converter.StringHttpMessageConverter;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Which bodies are taken at all. */
@Configuration(proxyBeanMethods = false)
class WebConfiguration implements WebMvcConfigurer {

    /**
     * Bodies are read as JSON and as nothing else. Libraries of others bring converters for YAML, XML, CBOR and more, and each
     * would go round our strict reading; so this is a list of those that stay. The other four only write.
     */
    private static final Set<Class<?>> CONVERTERS = Set.of(
            JacksonJsonHttpMessageConverter.class,
            StringHttpMessageConverter.class,
            ByteArrayHttpMessageConverter.class,
            ResourceHttpMessageConverter.class,
            ResourceRegionHttpMessageConverter.class);

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new StreamGate());
    }

    @Override
    public void configureMessageConverters(HttpMessageConverters.ServerBuilder converters) {
        converters.configureMessageConvertersList(all -> all.removeIf(one -> !CONVERTERS.contains(one.getClass())));
    }
}
