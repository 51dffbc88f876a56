// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The private folder of one host of one job. What a container knows as {@code /opt/ml} lies in {@code opt/ml} of it. */
public record Workspace(Path root) {

    private static final Pattern ROOT = Pattern.compile("(?<![\\w/])/opt/ml(?![\\w-])");

    public void create() throws IOException {
        Durable.delete(root);
        for (var folder : new Path[] {
            input().resolve("config"),
            input().resolve("data"),
            model(),
            output().resolve("data"),
            code(),
            home(),
            tmp(),
            run()
        }) {
            Files.createDirectories(folder);
        }
    }

    public Path opt() {
        return root.resolve("opt/ml");
    }

    /** Where a path of the container lies on this machine. */
    public Path mapped(String path) {
        try {
            return Path.of(rewritten(path)).normalize();
        } catch (InvalidPathException e) {
            throw JobFailure.unstorable("The local path " + path, e);
        }
    }

    /** A text in which {@code /opt/ml} has been replaced by the private folder. */
    public String rewritten(String text) {
        return ROOT.matcher(text).replaceAll(Matcher.quoteReplacement(opt().toString()));
    }

    /** Where the child has a path of this machine, fit for a line of a log. */
    public String named(Path path) {
        var inside = path.startsWith(opt()) ? "/opt/ml/" + opt().relativize(path) : String.valueOf(path.getFileName());
        return inside.replaceAll("\\p{Cntrl}", "?");
    }

    /** The same in bytes, whatever their encoding: only the path is ours. */
    public byte[] rewritten(byte[] text) {
        var path = new String(opt().toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        return ROOT.matcher(new String(text, StandardCharsets.ISO_8859_1))
                .replaceAll(Matcher.quoteReplacement(path))
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A text that does not tell where the job lies on this machine: what is below the host's folder is its own. */
    public String disguised(String text) {
        return text.replace(opt().toString(), "/opt/ml").replace(root.toString(), "");
    }

    public Path input() {
        return opt().resolve("input");
    }

    public Path channel(String name) {
        return input().resolve("data").resolve(name);
    }

    public Path model() {
        return opt().resolve("model");
    }

    public Path output() {
        return opt().resolve("output");
    }

    public Path code() {
        return opt().resolve("code");
    }

    /** What the child says about its own failure. */
    public Path failure() {
        return output().resolve("failure");
    }

    public Path home() {
        return root.resolve("home");
    }

    public Path tmp() {
        return root.resolve("tmp");
    }

    /** What the engine and the child say to each other in files that are none of the container's. */
    public Path run() {
        return root.resolve("run");
    }

    /** Whether the walls around its child could not be built; why is nothing that the child's log should tell. */
    public boolean hasFailedWalls() throws IOException {
        var said = root.resolve("walls.log");
        return Files.exists(said) && Files.size(said) > 0;
    }

    public Path log() {
        return root.resolve("log");
    }

    /** Up to which byte of the log was written when. */
    Path times() {
        return root.resolve("times");
    }

    public String host() {
        return root.getFileName().toString();
    }
}
