package dev.bursar.workload;

import dev.bursar.testing.ServiceTest;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestPropertySource;

/** A test of the lifecycle on real PostgreSQL: its kind is made up, its clock and its ticks are the test's. What one
 * test leaves unseen does not make the meter stale for the others. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ServiceTest
@Import(MadeUpKind.class)
@TestPropertySource(
        properties = {
            "bursar.workload.tick=P1D",
            "bursar.workload.queue-limit-tick=P1D",
            "bursar.feed.tick=P1D",
            "bursar.workload.look-every=PT1S",
            "bursar.meter.stale-after=P3650D",
            "bursar.meter.unseen-after=P3650D"
        })
@interface LifecycleTest {}
