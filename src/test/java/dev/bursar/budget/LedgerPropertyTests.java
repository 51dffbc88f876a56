package dev.bursar.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bursar.budget.Step.Verb;
import dev.bursar.testing.ServiceTest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
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

    @Property(edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    void agreesWithTheModelAndWithItsOwnEntriesAfterEveryStep(
            @ForAll("amounts") List<Long> amounts, @ForAll("steps") List<Step> steps) {
        var books = new Books(SERVICE, amounts);

        var met = new HashSet<String>();
        for (var step : steps) {
            var corner = books.take(step);
            met.add(corner);
            if (books.died()) {
                met.add("died");
            }
            Statistics.label("steps").collect(corner);
            Statistics.label("steps that died between statements").collect(books.died());
            books.requireAgreement(step);

            long entries = books.entries();
            books.repeat(step);
            assertThat(books.entries())
                    .as("entries after %s was repeated", step)
                    .isEqualTo(entries);
            books.requireAgreement(step);
        }
        count("a refused hold", met, "hold refused", "two at once: 1 refused", "two at once: 2 refused");
        count("a roll-over with open holds", met, "roll-over with open holds");
        count("a lost lease", met, "lease lost");
        count("a crash between statements", met, "died");
    }

    /** A corner that hardly any sequence meets is not tested. */
    private static void count(String corner, Set<String> met, String... names) {
        var sequences = Statistics.label("sequences with " + corner);
        sequences.collect(Stream.of(names).anyMatch(met::contains));
        sequences.coverage(of -> of.check(true).percentage(share -> share >= 5));
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
                Tuple.of(18, Verb.TAKE),
                Tuple.of(4, Verb.TAKE_TWICE),
                Tuple.of(10, Verb.RENEW),
                Tuple.of(10, Verb.ROLL),
                Tuple.of(10, Verb.SETTLE),
                Tuple.of(2, Verb.OVERRUN),
                Tuple.of(6, Verb.CREDIT),
                Tuple.of(3, Verb.LOWER),
                Tuple.of(4, Verb.TRANSFER),
                Tuple.of(1, Verb.CLOSE),
                Tuple.of(1, Verb.EXPIRE),
                Tuple.of(11, Verb.ROLL_OVER));
        var diesAfter = Arbitraries.frequency(Tuple.of(3, 0), Tuple.of(1, 1), Tuple.of(1, 2), Tuple.of(1, 3));
        var small = uniformly(1, 600_000);
        var large = uniformly(0, 1_500_000);
        var which = Arbitraries.integers().between(0, 11);
        return Combinators.combine(verb, which, small, large, diesAfter)
                .as(Step::new)
                .list()
                .ofMinSize(4)
                .ofMaxSize(14);
    }
}
