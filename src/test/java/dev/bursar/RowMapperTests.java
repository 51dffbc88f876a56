package dev.bursar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.asm.ClassReader;
import org.springframework.asm.ClassVisitor;
import org.springframework.asm.Handle;
import org.springframework.asm.MethodVisitor;
import org.springframework.asm.Opcodes;

/**
 * Whoever maps a row still has the row's connection. If he asks the database for more, he takes a second one, and as many
 * readers as there are connections wait for one another for ever. What a row mapper calls, and what that calls, is in the
 * byte code.
 */
class RowMapperTests {

    private static final Path CLASSES = Path.of("target/classes/dev/bursar");
    private static final Pattern MAPS_ROWS = Pattern.compile(
            "org/springframework/jdbc/core/(RowMapper|RowCallbackHandler|ResultSetExtractor|(Prepared)?StatementCallback|ConnectionCallback)");
    private static final Pattern ASKS_THE_DATABASE = Pattern.compile("org/springframework/jdbc/core/simple/JdbcClient"
            + "|org/springframework/jdbc/core/(Named\\w+)?Jdbc\\w+|jakarta/persistence/EntityManager|javax/sql/DataSource"
            + "|org/springframework/(transaction/support/TransactionTemplate|data/\\S+Repository)");

    private final Map<String, Set<String>> calls = new HashMap<>();
    private final Map<String, List<String>> below = new HashMap<>();
    private final Set<String> mappers = new TreeSet<>();

    @Test
    void noRowMapperAsksTheDatabase() throws IOException {
        readClasses();

        assertThat(mappers).hasSizeGreaterThan(25);
        assertThat(mappers).allSatisfy(mapper -> assertThat(asked(mapper)).isEmpty());
    }

    /** What a method asks of the database, itself or through others of ours. */
    private Set<String> asked(String from) {
        var found = new TreeSet<String>();
        var seen = new HashSet<String>();
        var left = new ArrayDeque<>(List.of(from));
        while (!left.isEmpty()) {
            var method = left.remove();
            if (!seen.add(method)) {
                continue;
            }
            var owner = method.substring(0, method.indexOf('.'));
            if (isDatabase(owner)) {
                found.add(method);
            }
            left.addAll(calls.getOrDefault(method, Set.of()));
            var rest = method.substring(method.indexOf('.'));
            below.getOrDefault(owner, List.of()).forEach(type -> left.add(type + rest));
        }
        return found;
    }

    /** Spring's own, and our repositories, which are interfaces of its. */
    private boolean isDatabase(String type) {
        return ASKS_THE_DATABASE.matcher(type).matches()
                || below.entrySet().stream()
                        .anyMatch(entry -> entry.getValue().contains(type)
                                && ASKS_THE_DATABASE.matcher(entry.getKey()).matches());
    }

    private void readClasses() throws IOException {
        try (var files = Files.walk(CLASSES)) {
            files.filter(file -> file.toString().endsWith(".class"))
                    .filter(file -> !file.startsWith(CLASSES.resolve("engine")))
                    .forEach(this::read);
        }
    }

    private void read(Path file) {
        try {
            new ClassReader(Files.readAllBytes(file)).accept(new Type(), ClassReader.SKIP_DEBUG);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class Type extends ClassVisitor {

        private String name = "";

        Type() {
            super(Opcodes.ASM9);
        }

        @Override
        public void visit(int version, int access, String type, String signature, String above, String[] interfaces) {
            name = type;
            var all = new ArrayList<>(List.of(interfaces));
            all.add(above);
            all.forEach(
                    one -> below.computeIfAbsent(one, none -> new ArrayList<>()).add(type));
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String method, String descriptor, String signature, String[] exceptions) {
            var key = name + "." + method + descriptor;
            if (descriptor.contains("Ljava/sql/ResultSet;")) {
                mappers.add(key);
            }
            return new Body(calls.computeIfAbsent(key, none -> new HashSet<>()));
        }
    }

    private final class Body extends MethodVisitor {

        private final Set<String> called;

        Body(Set<String> called) {
            super(Opcodes.ASM9);
            this.called = called;
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String method, String descriptor, boolean isInterface) {
            called.add(owner + "." + method + descriptor);
        }

        /** A lambda or a method reference, which is called where it is used or by whom it is given to. */
        @Override
        public void visitInvokeDynamicInsn(String method, String descriptor, Handle bootstrap, Object... arguments) {
            for (var argument : arguments) {
                if (argument instanceof Handle handle) {
                    var target = handle.getOwner() + "." + handle.getName() + handle.getDesc();
                    called.add(target);
                    if (MAPS_ROWS.matcher(descriptor).find()) {
                        mappers.add(target);
                    }
                }
            }
        }
    }
}
