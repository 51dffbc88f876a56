package dev.bursar.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Which bodies and parameters are taken at all. */
@Configuration(proxyBeanMethods = false)
class WebConfiguration implements WebMvcConfigurer {

    /** XML comes with a library of S3Proxy's; nobody has asked for it, and it would bypass our strict reading of JSON. */
    @Override
    public void configureMessageConverters(HttpMessageConverters.ServerBuilder converters) {
        converters.configureMessageConvertersList(all -> all.removeIf(WebConfiguration::isXml));
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new WithoutNul());
    }

    private static boolean isXml(HttpMessageConverter<?> converter) {
        return converter.getClass().getSimpleName().contains("Xml");
    }

    /** Neither PostgreSQL nor S3 takes the character NUL, so a query with one cannot find anything. */
    private static final class WithoutNul implements HandlerInterceptor {

        @Override
        public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
            request.getParameterMap().forEach((name, values) -> {
                if (Arrays.stream(values).anyMatch(value -> value.indexOf('\0') >= 0)) {
                    throw Problem.invalid(name, "contains the character NUL");
                }
            });
            return true;
        }
    }
}
