// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.walls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What of this machine every child sees: the system's programs and libraries, the interpreters wherever they lie, and
 * what the network needs to be known by name. A list of what is shown, not of what is hidden: whatever is not named here
 * is not there.
 */
final class Openings {

    private static final Logger log = LoggerFactory.getLogger(Openings.class);
    private static final List<String> SYSTEM = List.of("/usr", "/nix/store", "/gnu/store", "/sys/devices/system");
    private static final List<String> MERGED = List.of("bin", "sbin", "lib", "lib32", "libx32", "lib64");
    private static final List<String> DEVICES = List.of("null", "zero", "full", "random", "urandom");
    private static final Map<String, String> STANDARD =
            Map.of("fd", "fd", "stdin", "fd/0", "stdout", "fd/1", "stderr", "fd/2");
    private static final String SETTINGS =
            "alternatives,ca-certificates,ca-certificates.conf,crypto-policies,fonts,gai.conf,"
                    + "host.conf,hosts,ld.so.cache,ld.so.conf,ld.so.conf.d,localtime,magic,mime.types,nsswitch.conf,OpenCL,"
                    + "pip.conf,pki/ca-trust,pki/java,pki/tls/cert.pem,pki/tls/certs,pki/tls/openssl.cnf,protocols,R,"
                    + "resolv.conf,services,ssl/cert.pem,ssl/certs,ssl/openssl.cnf,timezone";

    private final TreeMap<String, Opening> openings = new TreeMap<>();
    private final TreeMap<String, Path> links = new TreeMap<>();

    /** The system and what else may be read; what is hidden is hidden also where it lies in what may be read. */
    static Openings of(Collection<Path> readable, Collection<Path> hidden, Path nothing) {
        var openings = new Openings();
        SYSTEM.forEach(path -> openings.show(Path.of(path)));
        MERGED.forEach(name -> openings.show(Path.of("/", name)));
        Stream.of(SETTINGS.split(",")).forEach(name -> openings.show(Path.of("/etc", name)));
        openings.showSettings("java*");
        openings.showSettings("python3*");
        STANDARD.forEach((name, target) -> openings.links.put("/dev/" + name, Path.of("/proc/self", target)));
        DEVICES.forEach(name -> openings.add(new Opening(Path.of("/dev", name), "/dev/" + name, Opening.Kind.DEVICE)));
        readable.forEach(openings::show);
        for (var path : hidden) {
            if (openings.list().stream().anyMatch(opening -> path.startsWith(opening.target()))) {
                openings.add(Opening.readable(nothing, path.toString()));
            }
        }
        return openings;
    }

    void add(Opening opening) {
        openings.put(opening.target(), opening);
    }

    /** In an order in which each can be laid into what lies there before it. */
    List<Opening> list() {
        return new ArrayList<>(openings.values());
    }

    /** Links, such as {@code /bin}, and where they lead. */
    Map<String, Path> links() {
        return links;
    }

    private void show(Path path) {
        try {
            if (path.getNameCount() == 1 && Files.isSymbolicLink(path)) {
                links.put(path.toString(), Files.readSymbolicLink(path));
            } else if (Files.isReadable(path) && openings.values().stream().noneMatch(known -> isIn(known, path))) {
                // Under the name by which it is known, also where that leads over links.
                add(Opening.readable(path.toRealPath(), path.toString()));
            }
        } catch (IOException e) {
            log.debug("path={} is not shown to children", path, e);
        }
    }

    private void showSettings(String pattern) {
        try (var found = Files.newDirectoryStream(Path.of("/etc"), pattern)) {
            found.forEach(this::show);
        } catch (IOException e) {
            log.debug("nothing like /etc/{} is shown to children", pattern, e);
        }
    }

    private static boolean isIn(Opening known, Path path) {
        return path.equals(Path.of(known.target()))
                || (path.startsWith(known.target()) && Files.exists(path, LinkOption.NOFOLLOW_LINKS));
    }
}
