package dev.bursar.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.statistics.Statistics;
import org.springframework.context.ApplicationContext;
import org.springframework.test.context.TestContextManager;
import org.springframework.test.context.TestPropertySource;

/**
 * Rule M9, searched: random sequences of everything that an owner's key may call, between gifts that begin, end, shrink and are
 * closed, and time that passes. {@link OutsideMoney} judges after every step. {@code -Dbursar.division.times=50} makes
 * it 2,000 sequences; the seed is fresh and printed.
 */
@LifecycleTest
@TestPropertySource(
        properties = {
            "bursar.budget.rollover-tick=P1D",
            "bursar.meter.stale-after=P365000D",
            "bursar.meter.unseen-after=P365000D"
        })
class DivisionPropertyTests {

    private static final int TIMES = Integer.getInteger("bursar.division.times", 1);
    private static final ApplicationContext SERVICE =
            new TestContextManager(DivisionPropertyTests.class).getTestContext().getApplicationContext();
    private static final List<OwnersVerbs.Verb> VERBS = OwnersVerbs.of(SERVICE);

    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void paysForNothingBeyondWhatThoseWhoMayGiveHavePutIntoWindowsThatAreOpen(
            @ForAll @Size(min = 20, max = 28) List<Long> steps) throws IOException {
        for (int time = 0; time < TIMES; time++) {
            long salt = time;
            search(steps.stream().map(step -> step + salt).toList());
        }
    }

    private static void search(List<Long> steps) throws IOException {
        var division = new Division(SERVICE, VERBS);
        var judge = new OutsideMoney(SERVICE.getBean(Stories.class).jdbc());
        var met = new HashSet<String>();
        var told = new StringBuilder();
        var last =
                judge.of(division.lab(), division.givers(), 0, division.now()).last();
        for (var number : steps) {
            var corner = told.isEmpty() ? division.begins(new Draw(number)) : division.step(new Draw(number));
            told.append('\n').append(division.now()).append(' ').append(corner);
            met.add(corner);
            Statistics.label("steps").collect(corner);

            var verdict = judge.of(division.lab(), division.givers(), last, division.now());
            last = verdict.last();
            assertThat(verdict.isMinted()).as("%s after%s", verdict, told).isFalse();
        }
        division.ends();
        division.closes();
        count("work that is held", met, "work holds");
        count("work that finds nothing given", met, "work refused: NO_BUDGET");
        count("an owner's share", met, "POST /api/v1/budgets 2xx", "given 2, POST /api/v1/budgets 2xx");
    }

    /** A corner that hardly any sequence meets is not tested. */
    private static void count(String corner, Set<String> met, String... names) {
        var sequences = Statistics.label("sequences with " + corner);
        sequences.collect(Stream.of(names).anyMatch(met::contains));
        sequences.coverage(of -> of.check(true).percentage(share -> share >= 10));
    }
}
