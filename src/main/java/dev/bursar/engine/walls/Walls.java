// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.walls;

import dev.bursar.engine.machine.Durable;
import dev.bursar.engine.machine.Enclosure;
import dev.bursar.engine.machine.Executables;
import dev.bursar.engine.machine.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What keeps a child to its own folder: it sees that, what it needs to run, and nothing else of the machine; when it
 * ends, everything that it has started ends. Whether a machine can do that is found out by trying, when the engine
 * starts; where it cannot, children run with all the rights of the engine, and whoever asks is told.
 */
public final class Walls implements Enclosure {

    private static final Logger log = LoggerFactory.getLogger(Walls.class);

    private final Way way;
    private final Path folder;
    private final Interpreters interpreters;

    private Walls(Way way, Path folder, Interpreters interpreters) {
        this.way = way;
        this.folder = folder;
        this.interpreters = interpreters;
    }

    /**
     * Tries what there is, the best first.
     *
     * @param folder the engine's own, where the programs for children lie
     * @param readable what children may read beside the system and the interpreters
     * @param hidden what they must not see, wherever it lies
     * @param memoryMb bound on what a child may keep in shared memory
     */
    public static Enclosure raise(Path folder, List<Path> readable, List<Path> hidden, int memoryMb) {
        var interpreters = Interpreters.ofThisMachine();
        var why = new ArrayList<String>();
        try {
            for (var way : ways(surroundings(folder, readable, hidden, interpreters, memoryMb))) {
                var problem = new WallsTrial(way, folder, interpreters).problem();
                if (problem.isEmpty()) {
                    log.info("children are confined by {}", way.name());
                    return new Walls(way, folder, interpreters);
                }
                why.add(way.name() + ": " + problem.get());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return without(why.isEmpty() ? "There is neither unshare nor bwrap." : String.join("; ", why));
    }

    /** No walls. */
    public static Enclosure without(String why) {
        log.warn("children are not confined: scripts can read whatever the engine can. {}", why);
        return Enclosure.none(why);
    }

    private static Surroundings surroundings(
            Path folder, List<Path> readable, List<Path> hidden, Interpreters interpreters, int memoryMb)
            throws IOException {
        var shown = new ArrayList<>(interpreters.folders());
        shown.addAll(readable);
        var secret = new ArrayList<>(hidden);
        secret.add(folder);
        var openings = Openings.of(shown, secret, Surroundings.nothing(folder));
        for (var program : List.of("init.sh", "become.sh", "serve.py", "xgboost")) {
            openings.add(Opening.readable(folder.resolve(program), Surroundings.PROGRAMS + "/" + program));
        }
        Files.createDirectories(folder.resolve("xgboost"));
        return Surroundings.lay(folder, openings, memoryMb);
    }

    private static List<Way> ways(Surroundings surroundings) throws IOException {
        var found = new ArrayList<Way>();
        var unshare = Executables.find("unshare").isPresent();
        if (unshare && isRoot()) {
            found.add(new Unshared(surroundings, true));
        }
        if (Executables.find("bwrap").isPresent()) {
            found.add(new Bubblewrapped(surroundings));
        }
        if (unshare) {
            found.add(new Unshared(surroundings, false));
        }
        return found;
    }

    private static boolean isRoot() throws IOException {
        var self = Path.of("/proc/self");
        return Files.exists(self) && Integer.valueOf(0).equals(Files.getAttribute(self, "unix:uid"));
    }

    @Override
    public boolean stands() {
        return true;
    }

    @Override
    public String situation() {
        return way.name();
    }

    @Override
    public List<String> command(Workspace workspace, List<String> command) throws IOException {
        var walled = new ArrayList<>(way.entrance(workspace));
        command.forEach(word -> walled.add(isPython(word) ? real(word) : seen(workspace, word)));
        return walled;
    }

    @Override
    public Map<String, String> environment(Workspace workspace, Map<String, String> variables) {
        var seen = new HashMap<String, String>();
        variables.forEach((name, value) -> seen.put(name, seen(workspace, value)));
        seen.put("USER", "root");
        seen.put("LOGNAME", "root");
        interpreters
                .python()
                .map(Durable::parent)
                .ifPresent(bin -> seen.merge("PATH", bin.toString(), (others, own) -> own + ":" + others));
        return seen;
    }

    private static boolean isPython(String word) {
        return Executables.find("python3")
                .filter(found -> found.toString().equals(word))
                .isPresent();
    }

    /** What is found on the path may be a shim that looks for the interpreter where the child sees nothing. */
    private String real(String word) {
        return interpreters.python().map(Path::toString).orElse(word);
    }

    /** A text of the engine with its paths as the child sees them. */
    private String seen(Workspace workspace, String text) {
        var seen = text;
        for (var opening : Surroundings.openingsOf(workspace)) {
            seen = seen.replace(opening.source().toString(), opening.target());
        }
        return seen.replace(folder.toString(), Surroundings.PROGRAMS);
    }
}
