// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.machine;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a child has left in its folders. Nothing is taken that does not lie in them: a link may stand for a plain file of
 * the child's own; whatever else is not a plain file (a link that leads out, a file that has a name somewhere else, a
 * pipe, a device) stays where it is, and is noted.
 */
public final class Leavings {

    private static final int DEPTH = 64;
    private static final int FILES = 200_000;

    private final Workspace workspace;
    private final boolean living;
    private final long mostBytes;
    private final List<String> refused = new ArrayList<>();
    private @Nullable Map<Object, Integer> names;
    private long bytes;
    private int files;

    private Leavings(Workspace workspace, boolean living, long mostBytes) {
        this.workspace = workspace;
        this.living = living;
        this.mostBytes = mostBytes;
    }

    /** Of a child that has ended. */
    public static Leavings of(Workspace workspace, long mostBytes) {
        return new Leavings(workspace, false, mostBytes);
    }

    /** Of a child that may go on changing them. */
    public static Leavings ofLiving(Workspace workspace, long mostBytes) {
        return new Leavings(workspace, true, mostBytes);
    }

    /** The first bytes of one file as text, if it is there, plain and the child's own. */
    public Optional<String> text(Path file, int most) {
        return start(file, most).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    /** The same as it stands. */
    public Optional<byte[]> start(Path file, int most) {
        try (var folder = Descent.into(workspace.root(), Durable.parent(file));
                var content = folder.read(Path.of(String.valueOf(file.getFileName())), living)) {
            var attributes = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return hasForeignNames(file, attributes)
                    ? Optional.empty()
                    : Optional.of(new Bounded(Channels.newInputStream(content), most).readAllBytes());
        } catch (IOException notThereOrNotPlain) {
            return Optional.empty();
        }
    }

    /** The files below a folder, by relative name. */
    public SortedMap<String, Leaving> below(Path folder) throws IOException {
        var found = new TreeMap<String, Leaving>();
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            try (var opened = Descent.into(workspace.root(), folder)) {
                walk(opened, folder, folder, found);
            } catch (IOException e) {
                refuse(folder, "cannot be entered");
            }
        }
        return found;
    }

    /** What was not taken, and why, in the child's words. */
    public List<String> refused() {
        return List.copyOf(refused);
    }

    private void walk(Descent opened, Path folder, Path top, SortedMap<String, Leaving> found) throws IOException {
        try {
            for (var entry : opened.entries()) {
                var name = Path.of(String.valueOf(entry.getFileName()));
                take(opened, name, folder.resolve(name), top, found);
            }
        } catch (DirectoryIteratorException e) {
            refuse(folder, "cannot be listed");
        }
    }

    private void take(Descent opened, Path name, Path path, Path top, SortedMap<String, Leaving> found)
            throws IOException {
        BasicFileAttributes attributes;
        try {
            attributes = opened.attributes(name);
        } catch (IOException gone) {
            return;
        }
        if (attributes.isDirectory()) {
            descend(opened, name, path, top, found);
        } else if (attributes.isSymbolicLink()) {
            follow(path, top, found);
        } else {
            keep(path, path, attributes, top, found);
        }
    }

    private void descend(Descent opened, Path name, Path path, Path top, SortedMap<String, Leaving> found)
            throws IOException {
        if (top.relativize(path).getNameCount() > DEPTH) {
            refuse(path, "lies too deep");
            return;
        }
        try (var inner = opened.enter(name)) {
            walk(inner, path, top, found);
        } catch (IOException e) {
            refuse(path, "cannot be entered");
        }
    }

    /** One step, to a plain file that is the child's own. */
    private void follow(Path link, Path top, SortedMap<String, Leaving> found) throws IOException {
        var target = workspace.mapped(Durable.parent(link)
                .resolve(Files.readSymbolicLink(link))
                .normalize()
                .toString());
        if (!target.startsWith(workspace.opt())) {
            refuse(link, "is a link that leads out of /opt/ml");
            return;
        }
        try (var folder = Descent.into(workspace.root(), Durable.parent(target))) {
            keep(link, target, folder.attributes(Path.of(String.valueOf(target.getFileName()))), top, found);
        } catch (IOException e) {
            refuse(link, "is a link that leads to no file");
        }
    }

    private void keep(Path as, Path path, BasicFileAttributes attributes, Path top, SortedMap<String, Leaving> found)
            throws IOException {
        if (!attributes.isRegularFile()) {
            refuse(as, attributes.isOther() ? "is no file but a pipe, a socket or a device" : "is a link to no file");
        } else if (hasForeignNames(path, attributes)) {
            refuse(as, "is a hard link to something outside /opt/ml");
        } else if (!Files.isReadable(path)) {
            refuse(as, "cannot be read");
        } else {
            files++;
            bytes += attributes.size();
            if (files > FILES || bytes > mostBytes) {
                throw new JobFailure(
                        "ClientError: Artifact upload failed: what the job has left is more than %d files or %d bytes."
                                .formatted(FILES, mostBytes));
            }
            found.put(top.relativize(as).toString(), new Leaving(workspace, path, attributes, living));
        }
    }

    /** Whether a file has names that are not in the child's folders. */
    private boolean hasForeignNames(Path path, BasicFileAttributes attributes) throws IOException {
        var links = ((Number) Files.getAttribute(path, "unix:nlink", LinkOption.NOFOLLOW_LINKS)).intValue();
        return links > 1 && links > names().getOrDefault(attributes.fileKey(), 0);
    }

    /** How many names each file has in the child's folders. */
    private Map<Object, Integer> names() throws IOException {
        var known = names;
        if (known == null) {
            var counted = new HashMap<Object, Integer>();
            Files.walkFileTree(workspace.opt(), new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    counted.merge(attributes.fileKey(), 1, Integer::sum);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException unreadable) {
                    return FileVisitResult.CONTINUE;
                }
            });
            known = counted;
            names = counted;
        }
        return known;
    }

    private void refuse(Path path, String why) {
        refused.add(workspace.named(path) + " " + why);
    }
}
