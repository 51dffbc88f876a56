package dev.bursar.embedded;

import dev.bursar.engine.Confinement;
import dev.bursar.engine.Engine;
import dev.bursar.engine.EngineSettings;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;

/** The engine beside the service, on loopback, with its state in the home folder; or the one that runs elsewhere. */
final class EmbeddedEngine implements AutoCloseable {

    private static final String EXPORTS = "aws.env";

    private final PrivateFolder home;
    private final EmbeddedAws aws;
    private final Runnable stop;

    /** What tells this engine from every other one, for as long as its folder lasts. */
    static String id(Home home) {
        var folder = home.folder().folder("engine");
        var known = folder.read("id");
        if (known.isPresent()) {
            return known.get();
        }
        var drawn = UUID.randomUUID().toString();
        folder.write("id", drawn);
        return drawn;
    }

    private EmbeddedEngine(PrivateFolder home, EmbeddedAws aws, Runnable stop) {
        this.home = home;
        this.aws = aws;
        this.stop = stop;
        home.write(EXPORTS, aws.exports());
    }

    static EmbeddedEngine start(Home home, EmbeddedEngineSettings asked, Account account, Clock clock) {
        var folder = home.folder().folder("engine");
        var settings = withKeys(asked, EngineSettings.in(folder.path()))
                .withPorts(port(asked.port(), folder, "port"), port(asked.s3Port(), folder, "s3-port"))
                .withRegion(account.region())
                .withAccountId(account.id())
                .withBounds(asked.hostsOrProcessors(), asked.childMemoryMb())
                .withConfinement(new Confinement(
                        asked.confine(), asked.readable(), List.of(home.folder().path())))
                .withClock(clock);
        var engine = Engine.start(settings);
        folder.write("port", Integer.toString(engine.endpoint().getPort()));
        folder.write("s3-port", Integer.toString(engine.s3Endpoint().getPort()));
        var key = AwsBasicCredentials.create(settings.accessKeyId(), settings.secretAccessKey());
        var aws = new EmbeddedAws(
                engine.endpoint(), engine.s3Endpoint(), account.region(), key, EngineConfinement.of(engine));
        return new EmbeddedEngine(home.folder(), aws, engine::close);
    }

    static EmbeddedEngine elsewhere(Home home, EmbeddedEngineSettings settings, Account account) {
        var key = AwsBasicCredentials.create(
                required(settings.accessKeyId(), "access-key-id"),
                required(settings.secretAccessKey(), "secret-access-key"));
        var url = required(settings.url(), "url");
        var aws = new EmbeddedAws(
                url, required(settings.s3Url(), "s3-url"), account.region(), key, EngineConfinement.of(url));
        return new EmbeddedEngine(home.folder(), aws, () -> {});
    }

    EmbeddedAws aws() {
        return aws;
    }

    @Override
    public void close() {
        stop.run();
        home.delete(EXPORTS);
    }

    private static EngineSettings withKeys(EmbeddedEngineSettings asked, EngineSettings settings) {
        var id = asked.accessKeyId();
        var secret = asked.secretAccessKey();
        return StringUtils.hasText(id) && StringUtils.hasText(secret) ? settings.withKeys(id, secret) : settings;
    }

    private static int port(int configured, PrivateFolder folder, String name) {
        if (configured == 0) {
            return LoopbackPort.likeLastTime(folder, name);
        }
        if (!LoopbackPort.isFree(configured)) {
            throw new PortTaken(configured, "bursar.engine." + name);
        }
        return configured;
    }

    private static <V> V required(@Nullable V value, String setting) {
        if (value == null) {
            throw new IllegalStateException("With bursar.engine.url set bursar.engine." + setting + ", too.");
        }
        return value;
    }

    /** Whom the engine plays. */
    record Account(String id, String region) {}
}
