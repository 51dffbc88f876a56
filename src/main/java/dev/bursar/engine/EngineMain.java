// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine;

import java.io.File;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The engine alone: {@code java -jar bursar.jar engine [--folder …] [--port …] …}. */
public final class EngineMain {

    private static final String LOGGING = "logback.configurationFile";
    private static final String USAGE = """
            usage: engine [--folder F] [--port N] [--s3-port N] [--region R] [--account ID] [--hosts N] [--child-memory MB]
                          [--confine auto|off] [--readable F:F]
              --folder        everything the engine keeps (default: bursar-engine)
              --port          SageMaker, CloudWatch Logs, STS (default: 8081; 0 takes any free one)
              --s3-port       S3 (default: 8082; 0 takes any free one)
              --region        (default: AWS_REGION, else us-east-1)
              --account       the account id in its ARNs (default: 123456789012)
              --hosts         how many hosts all jobs together may occupy (default: 2)
              --child-memory  what one training process may take, in MB (default: 2048)
              --confine       off: children may read whatever you can (default: auto, not if the machine can help it)
              --readable      what confined children may read beside the system, Java and Python
            Keys are taken from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, else made and kept in the folder.""";

    private EngineMain() {}

    public static void main(String[] args) throws InterruptedException {
        // Standard output is for the exports; the log goes to standard error.
        if (System.getProperty(LOGGING) == null) {
            System.setProperty(LOGGING, "dev/bursar/engine/logback-engine.xml");
        }
        var settings = parse(args, System.getenv());
        if (settings == null) {
            System.err.println(USAGE);
            System.exit(2);
            return;
        }
        var engine = Engine.start(settings);
        var ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            engine.close();
            ended.countDown();
        }));
        System.out.println(exports(engine, settings));
        ended.await();
    }

    /** The settings, or nothing when the arguments cannot be understood. */
    static @Nullable EngineSettings parse(String[] args, Map<String, String> environment) {
        var options = options(args);
        if (options == null) {
            return null;
        }
        try {
            var region = Optional.ofNullable(environment.get("AWS_REGION"))
                    .or(() -> Optional.ofNullable(environment.get("AWS_DEFAULT_REGION")))
                    .orElse("us-east-1");
            var settings = EngineSettings.in(Path.of(options.getOrDefault("folder", "bursar-engine"))
                            .toAbsolutePath())
                    .withPorts(number(options, "port", 8081), number(options, "s3-port", 8082))
                    .withRegion(options.getOrDefault("region", region))
                    .withAccountId(options.getOrDefault("account", "123456789012"))
                    .withBounds(number(options, "hosts", 2), number(options, "child-memory", 2048))
                    .withConfinement(confinement(options));
            var id = environment.get("AWS_ACCESS_KEY_ID");
            var secret = environment.get("AWS_SECRET_ACCESS_KEY");
            return id == null || secret == null ? settings : settings.withKeys(id, secret);
        } catch (NumberFormatException e) {
            System.err.println("not a number: " + e.getMessage());
            return null;
        }
    }

    private static @Nullable Map<String, String> options(String[] args) {
        var known = Set.of(
                "folder", "port", "s3-port", "region", "account", "hosts", "child-memory", "confine", "readable");
        var options = new TreeMap<String, String>();
        for (int index = 0; index < args.length; index++) {
            var name = args[index].startsWith("--") ? args[index].substring(2) : "";
            if (index == 0 && args[index].equals("engine")) {
                continue;
            }
            if (!known.contains(name) || index + 1 == args.length) {
                return null;
            }
            options.put(name, args[++index]);
        }
        return options;
    }

    private static Confinement confinement(Map<String, String> options) {
        if (options.getOrDefault("confine", "auto").equals("off")) {
            return Confinement.off();
        }
        return Confinement.automatic()
                .reading(Pattern.compile(File.pathSeparator)
                        .splitAsStream(options.getOrDefault("readable", ""))
                        .filter(path -> !path.isBlank())
                        .map(path -> Path.of(path).toAbsolutePath())
                        .toList());
    }

    private static int number(Map<String, String> options, String name, int fallback) {
        return Integer.parseInt(options.getOrDefault(name, String.valueOf(fallback)));
    }

    private static String exports(Engine engine, EngineSettings settings) {
        return """
                export AWS_ENDPOINT_URL=%s
                export AWS_ENDPOINT_URL_S3=%s
                export AWS_ACCESS_KEY_ID=%s
                export AWS_SECRET_ACCESS_KEY=%s
                export AWS_REGION=%s
                export AWS_DEFAULT_REGION=%s
                """.formatted(
                engine.endpoint(),
                engine.s3Endpoint(),
                settings.accessKeyId(),
                settings.secretAccessKey(),
                settings.region(),
                settings.region()).strip();
    }
}
