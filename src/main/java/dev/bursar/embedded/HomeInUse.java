package dev.bursar.embedded;

import java.nio.file.Path;

/** Another service, in this process or in another one, works in the same home folder. */
final class HomeInUse extends RuntimeException {

    HomeInUse(Path home, String holder) {
        super("Another Bursar (process " + holder + ") works in " + home
                + ": stop it, or give this one a folder of its own with BURSAR_HOME.");
    }
}
