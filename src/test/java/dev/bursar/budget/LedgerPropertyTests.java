package dev.bursar.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bursar.budget.Step.Verb;
import dev.bursar.testing.ServiceTest;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.arbitraries.LongArbitrary;
import net.jqwik.api.statistics.Statistics;
import org.springframework.context.ApplicationContext;
import org.springframework.test.context.TestContextManager;

/**
 * Random sequences of everything that moves money, on lab, project and member budgets in real PostgreSQL, each step
 * judged by {@link Model} and by sums over the ledger. The seed is fresh and printed; {@code @Property(seed = "…")}
 * replays it.
 */
@ServiceTest
class LedgerPropertyTests {

    private static final ApplicationContext SERVICE =
            new TestContextManager(LedgerPropertyTests.class).getTestContext().getApplicationContext();

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    void agreesWithTheModelAndWithItsOwnEntriesAfterEveryStep(
            @ForAll("amounts") List<Long> amounts, @ForAll("steps") List<Step> steps) {
        var books = new Books(SERVICE, amounts);

        for (var step : steps) {
            var corner = books.take(step);
            Statistics.label("met").collect(corner);
            books.requireAgreement(step);

            long entries = books.entries();
            books.repeat(step);
            assertThat(books.entries())
                    .as("entries after %s was repeated", step)
                    .isEqualTo(entries);
            books.requireAgreement(step);
        }
    }

    @Provide
    Arbitrary<List<Long>> amounts() {
        return uniformly(1, 3_000_000).list().ofSize(3);
    }

    private static LongArbitrary uniformly(long least, long most) {
        return Arbitraries.longs().between(least, most).withDistribution(RandomDistribution.uniform());
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        var verb = Arbitraries.frequency(
                Tuple.of(5, Verb.TAKE), Tuple.of(3, Verb.RENEW), Tuple.of(4, Verb.SETTLE), Tuple.of(1, Verb.CREDIT));
        var small = uniformly(1, 600_000);
        var large = uniformly(0, 1_500_000);
        var which = Arbitraries.integers().between(0, 11);
        return Combinators.combine(verb, which, small, large)
                .as(Step::new)
                .list()
                .ofMinSize(4)
                .ofMaxSize(14);
    }
}
