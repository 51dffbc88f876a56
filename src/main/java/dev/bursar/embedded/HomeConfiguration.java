package dev.bursar.embedded;

import java.nio.file.Path;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** The home folder, made and locked only when one of the embedded parts asks for it. */
@Configuration(proxyBeanMethods = false)
class HomeConfiguration {

    @Bean
    @Lazy
    Home home(@Value("${bursar.home:.bursar}") Path path) {
        return Home.open(path);
    }
}
