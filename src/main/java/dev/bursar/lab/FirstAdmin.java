package dev.bursar.lab;

import dev.bursar.core.Caller;
import dev.bursar.core.Ids;
import dev.bursar.core.MemberId;
import dev.bursar.core.Role;
import dev.bursar.event.Events;
import dev.bursar.event.Fact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Makes the admin and its key on the first start: to a private file, and to the terminal if there is one; never to a log. */
@Component
class FirstAdmin implements ApplicationRunner {

    private static final Logger log = LoggerFactory.getLogger(FirstAdmin.class);

    private final MemberRepository members;
    private final ApiKeyRepository keys;
    private final Events events;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final Path file;

    FirstAdmin(
            MemberRepository members,
            ApiKeyRepository keys,
            Events events,
            TransactionTemplate transaction,
            Clock clock,
            LabSettings settings) {
        this.members = members;
        this.keys = keys;
        this.events = events;
        this.transaction = transaction;
        this.clock = clock;
        this.file = settings.home().resolve("admin.key");
    }

    @Override
    public void run(ApplicationArguments arguments) throws IOException {
        if (members.existsByRole(Role.ADMIN)) {
            return;
        }
        var secret = Secret.random();
        keep(secret);
        try {
            transaction.executeWithoutResult(status -> make(secret));
        } catch (DataIntegrityViolationException e) {
            Files.delete(file);
            log.info("another replica has made the admin's first key, at this very moment; it is in its home");
            return;
        }
        log.info("made the admin's first key; it is in {}", file);
        show(secret);
    }

    private void make(Secret secret) {
        var now = clock.instant();
        var admin = members.save(new Member(null, MemberId.of("admin"), "First admin", Role.ADMIN, null, now));
        keys.save(new ApiKey(Ids.next(now), admin, secret, "made at the first start", true, now, null));
        events.append(Fact.of("member.added", null, "admin", null), Caller.BURSAR);
    }

    /** The file is there before the key is valid, so that a crash in between can't lock everybody out. */
    private void keep(Secret secret) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        var fresh = file.resolveSibling("admin.key.new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(fresh, secret.value() + "\n", StandardOpenOption.WRITE);
        Files.move(fresh, file, Set.of(StandardCopyOption.ATOMIC_MOVE).toArray(StandardCopyOption[]::new));
    }

    private void show(Secret secret) {
        var terminal = Path.of("/dev/tty");
        try {
            Files.writeString(
                    terminal, "Admin key (also in " + file + "): " + secret.value() + "\n", StandardOpenOption.WRITE);
        } catch (IOException e) {
            log.debug("no terminal to show the admin's key on");
        }
    }
}
