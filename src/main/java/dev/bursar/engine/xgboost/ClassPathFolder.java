// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.xgboost;

import dev.bursar.engine.machine.Durable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

/**
 * A class path for the child JVM that trains or serves with XGBoost: a plain folder with the few classes it needs and the native
 * library, taken from wherever the engine itself was loaded: class folders, jars, or jars inside Spring Boot's jar.
 * It is made once; unpacking the library at every start would take longer than training a small model.
 */
final class ClassPathFolder {

    private static final String NESTED = "jar:nested:";

    /** One class of each library the child needs, and of ours. */
    private static final List<Class<?>> NEEDED = List.of(
            XGBoostTraining.class,
            ml.dmlc.xgboost4j.java.XGBoost.class,
            com.esotericsoftware.kryo.Kryo.class,
            org.apache.commons.logging.LogFactory.class,
            org.slf4j.LoggerFactory.class);

    /** Ours, nested classes included. */
    private static final List<String> OURS = List.of(
            "XGBoostTraining", "TrainingTable", "XGBoostServing", "XGBoostWorker", "FeatureRows", "EarlyStopping");

    private ClassPathFolder() {}

    /** The folder, made if it is not there yet. */
    static synchronized Path in(Path parent) {
        try {
            var folder = parent.resolve(Integer.toHexString(fingerprint().hashCode()));
            if (!Files.isDirectory(folder)) {
                var unfinished = parent.resolve("unfinished");
                Durable.delete(unfinished);
                Files.createDirectories(unfinished);
                for (var type : NEEDED) {
                    unpack(location(type), unfinished);
                }
                Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Changes when a library or our own code does. */
    private static String fingerprint() throws IOException {
        var ours = new StringBuilder();
        for (var name : OURS) {
            try (var in = ClassPathFolder.class.getResourceAsStream(name + ".class")) {
                ours.append(in == null ? 0 : Arrays.hashCode(in.readAllBytes()));
            }
        }
        return NEEDED.stream().map(ClassPathFolder::location).collect(Collectors.joining()) + ours;
    }

    private static String location(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation().toString();
    }

    private static void unpack(String location, Path target) throws IOException {
        if (location.startsWith(NESTED)) {
            var parts = location.substring(NESTED.length()).split("/!", 2);
            var jar = Path.of(URI.create("file:" + parts[0]));
            unpackNested(jar, parts[1].replaceFirst("!/$", ""), target);
        } else if (Files.isDirectory(Path.of(URI.create(location)))) {
            copy(Path.of(URI.create(location)), target);
        } else {
            try (var zip = new ZipInputStream(Files.newInputStream(Path.of(URI.create(location))))) {
                unpack(zip, target);
            }
        }
    }

    /** Inside Boot's jar our own classes lie in a folder, libraries in jars. */
    private static void unpackNested(Path jar, String inner, Path target) throws IOException {
        try (var outer = new ZipFile(jar.toFile())) {
            if (inner.endsWith(".jar")) {
                try (var zip = new ZipInputStream(outer.getInputStream(outer.getEntry(inner)))) {
                    unpack(zip, target);
                }
                return;
            }
            for (var entry : outer.stream()
                    .filter(one -> one.getName().startsWith(inner))
                    .toList()) {
                try (var content = outer.getInputStream(entry)) {
                    put(entry.getName().substring(inner.length()), content, target);
                }
            }
        }
    }

    private static void copy(Path folder, Path target) throws IOException {
        try (var paths = Files.walk(folder)) {
            for (var path : paths.filter(Files::isRegularFile).toList()) {
                try (var content = Files.newInputStream(path)) {
                    put(folder.relativize(path).toString(), content, target);
                }
            }
        }
    }

    private static void unpack(ZipInputStream zip, Path target) throws IOException {
        for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
            put(entry.getName(), zip, target);
        }
    }

    private static void put(String name, InputStream content, Path target) throws IOException {
        if (!name.endsWith("/") && isNeeded().test(name)) {
            var file = target.resolve(name).normalize();
            if (!file.startsWith(target)) {
                throw new IOException("strange name in a jar: " + name);
            }
            Files.createDirectories(Durable.parent(file));
            Files.copy(content, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static Predicate<String> isNeeded() {
        Predicate<String> ours = name -> name.startsWith("dev/bursar/algorithm/")
                || OURS.stream().anyMatch(one -> name.startsWith("dev/bursar/engine/xgboost/" + one));
        Predicate<String> library = name -> !name.startsWith("dev/bursar/")
                && (name.endsWith(".class") || name.endsWith("xgboost4j-version.properties"));
        return ours.or(library).or(name -> name.startsWith("lib/" + platform()));
    }

    /** How XGBoost4J names the folder of its native library. */
    private static String platform() {
        var system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        var machine = System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x86_64";
        return (system.contains("mac") ? "macos/" : "linux/") + machine + "/";
    }
}
