package dev.bursar.workload;

import dev.bursar.aws.AwsAccounts;
import dev.bursar.aws.Refusal;
import dev.bursar.workload.Driver.Change;
import dev.bursar.workload.Feeds.Turn;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Reads what SageMaker says has changed, once for the whole fleet, so that not every running workload must be asked every
 * time (rule C2). News only make somebody look sooner: they may be late, doubled or missing, and nothing is booked from
 * them. What they name and no row knows is an orphan.
 */
@Component
class Feed {

    private static final Logger log = LoggerFactory.getLogger(Feed.class);

    private final Feeds feeds;
    private final Drivers drivers;
    private final AwsAccounts accounts;
    private final Orphans orphans;
    private final Runs runs;
    private final Timing timing;
    private final FeedSettings settings;
    private final Set<String> silent = ConcurrentHashMap.newKeySet();

    Feed(
            Feeds feeds,
            Drivers drivers,
            AwsAccounts accounts,
            Orphans orphans,
            Runs runs,
            Timing timing,
            FeedSettings settings) {
        this.feeds = feeds;
        this.drivers = drivers;
        this.accounts = accounts;
        this.orphans = orphans;
        this.runs = runs;
        this.timing = timing;
        this.settings = settings;
    }

    @Scheduled(fixedDelayString = "${bursar.feed.tick:PT1S}")
    void tick() {
        drivers.withNews().forEach(kind -> feeds.make(kind, timing.now()));
        feeds.claim(timing.now(), settings.every()).forEach(this::read);
    }

    private void read(Turn turn) {
        try {
            var since = turn.watermark().minus(settings.overlap());
            var account = accounts.of(turn.awsAccountId());
            for (var page : drivers.ofKind(turn.kind()).changedSince(account, runs.installation() + "-", since)) {
                take(turn, page);
            }
            if (silent.remove(turn.feed())) {
                log.info("news of {} are read again", turn.kind());
            }
        } catch (SdkException e) {
            if (silent.add(turn.feed())) {
                log.warn(
                        "news of {} cannot be read ({}); until they can, regular looks find what has changed",
                        turn.kind(),
                        Refusal.of(e));
            }
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            log.error("news of {} could not be taken in; they are read again", turn.feed(), e);
        }
    }

    /** Pages come in the order of change, so that each that was read need not be read again. */
    private void take(Turn turn, List<Change> page) {
        feeds.hurry(page, timing.now());
        feeds.strays(page).forEach(orphans::reopen);
        feeds.unknown(page).forEach(name -> orphans.take(turn, name));
        page.stream()
                .map(Change::at)
                .max(Comparator.naturalOrder())
                .ifPresent(latest -> feeds.readUpTo(turn, notAhead(latest), timing.now()));
    }

    /** A clock of SageMaker's that runs ahead must not hide what comes after. */
    private Instant notAhead(Instant latest) {
        return latest.isAfter(timing.now()) ? timing.now() : latest;
    }
}
