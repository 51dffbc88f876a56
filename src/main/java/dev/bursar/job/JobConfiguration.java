package dev.bursar.job;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.module.SimpleModule;

@Configuration(proxyBeanMethods = false)
class JobConfiguration {

    /** The kinds that a request may have, by the names that they have in JSON. */
    @Bean
    JacksonModule jobKinds() {
        var module = new SimpleModule("job-kinds");
        module.registerSubtypes(TrainingSpec.class);
        return module;
    }
}
