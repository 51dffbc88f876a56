package dev.bursar.workload;

import dev.bursar.testing.MutableClock;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;

@TestConfiguration(proxyBeanMethods = false)
@Import(Stories.class)
class MadeUpKind {

    @Bean
    @Primary
    MutableClock mutableClock() {
        return new MutableClock();
    }

    @Bean
    LeasedDriver leasedDriver(MutableClock clock) {
        return new LeasedDriver(clock);
    }

    @Bean
    TestDriver testDriver() {
        return new TestDriver();
    }
}
