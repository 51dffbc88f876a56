package dev.bursar.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Text as people's programs, file names and addresses may bring it along, the worst of each sort; one corpus for every
 * test that lets text in. It is shown by its name, so that no report carries the value.
 *
 * <pre>{@code
 * @ParameterizedTest
 * @MethodSource("dev.bursar.testing.HostileText#all")
 * void keepsWhatCanBeKept(HostileText text) { … text.value() … }
 * }</pre>
 */
public record HostileText(String name, String value) {

    private static final int MEGABYTE = 1 << 20;

    private static final List<HostileText> CONTROL = List.of(
            of("NUL alone", "\0"),
            of("NUL within", "a\0b"),
            of("NUL at the end", "model\0"),
            of("NUL as an escape of JSON", "a\\u0000b"),
            of("NUL in percent", "model%00.tar.gz"),
            of("NUL in overlong percent", "%c0%80"),
            of("every control character", charactersFrom(0, 0x20)),
            of("delete", "a\u007fb"),
            of("C1 control characters", charactersFrom(0x80, 0xa0)),
            of("bell and backspaces", "good\b\b\b\bbad\u0007"),
            of("lone CR", "kept\rgone"),
            of("lone LF", "first\nsecond"),
            of("CRLF and a header", "x\r\nSet-Cookie: admin=1\r\n\r\nbody"),
            of("vertical tab and form feed", "a\u000bb\fc"),
            of("next line", "a\u0085b"),
            of("line separator", "a\u2028b"),
            of("paragraph separator", "a\u2029b"),
            of("a log line that is not one", "x\n{\"level\":\"ERROR\",\"message\":\"made up\"}\n"));

    private static final List<HostileText> TERMINAL = List.of(
            of("colours", "\u001b[31;1mred\u001b[0m"),
            of("clears the screen", "\u001b[2J\u001b[H"),
            of("names the window", "\u001b]0;owned\u0007"),
            of("asks for the cursor", "\u001b[6n"),
            of("a link of a terminal", "\u001b]8;;http://evil.example\u001b\\here\u001b]8;;\u001b\\"),
            of("writes the clipboard", "\u001b]52;c;bWFkZSB1cA==\u0007"),
            of("C1 sequence", "\u009b31mred"));

    private static final List<HostileText> UNICODE = List.of(
            of("high surrogate alone", "a\ud83d"),
            of("low surrogate alone", "\udca9b"),
            of("surrogates the wrong way round", "\udca9\ud83d"),
            of("half an emoji within", "left\ud83dright"),
            of("half a surrogate as an escape of JSON", "\\ud83d"),
            of("noncharacters", "\ufffe\uffff\ufdd0"),
            of("replacement character", "\ufffd"),
            of("private use", "\ue000\uf8ff"),
            of("byte order mark", "\ufeffname"),
            of("byte order mark within", "na\ufeffme"),
            of("right to left", "\u05d0\u05d1\u05d2 \u0645\u0631\u062d\u0628\u0627"),
            of("right-to-left override", "model\u202egz.rat"),
            of("isolates", "\u2066a\u2067b\u2068c\u2069"),
            of("zero width", "ad\u200bm\u200ci\u200dn\u2060"),
            of("soft hyphen", "ad\u00admin"),
            of("look-alikes", "\u0430dmin"),
            of("emoji", "\ud83d\udca9\ud83c\udfff"),
            of("a family", "\ud83d\udc69\u200d\ud83d\udc69\u200d\ud83d\udc67\u200d\ud83d\udc66"),
            of("a flag of a region", "\ud83c\udff4\udb40\udc67\udb40\udc62\udb40\udc7f"),
            of("combining marks", "Z" + "\u0351\u036b\u0343\u036a".repeat(50)),
            of("composed and not", "\u00e9e\u0301"),
            of("dotless i", "\u0131I\u0130i"),
            of("one sign that expands", "\ufdfa\ufb03\u00df"),
            of("full-width path", "\uff0e\uff0e\uff0fetc"),
            of("no-break and other blanks", "\u00a0\u2003\u3000\u1680"),
            of("blanks only", " \t "),
            of("nothing", ""));

    private static final List<HostileText> PATHS = List.of(
            of("parent", "../"),
            of("parents", "../../../../etc/passwd"),
            of("parent of Windows", "..\\..\\windows\\system32"),
            of("parent in percent", "%2e%2e%2f%2e%2e%2fetc"),
            of("parent in percent twice", "%252e%252e%252f"),
            of("parent in overlong percent", "..%c0%af..%c0%af"),
            of("absolute path", "/etc/passwd"),
            of("double slashes", "a//b///c"),
            of("dots", "./.././...//"),
            of("path parameters", "a;x=y/b"),
            of("address", "file:///etc/passwd"),
            of("device of Windows", "CON.txt::$DATA"),
            of("option", "--help"),
            of("home", "~root/.ssh/id_rsa"),
            of("query and fragment", "a?b=c#d&e=f"),
            of("malformed percent", "%zz%4%"));

    private static final List<HostileText> SNIPPETS = List.of(
            of("SQL", "'; drop table workload; --"),
            of("SQL of PostgreSQL", "$$; select pg_sleep(9) $$"),
            of("pattern of SQL", "%_\\"),
            of("HTML", "<script>alert(1)</script>"),
            of("HTML that is not closed", "\"><img src=x onerror=alert(1)>"),
            of("JNDI", "${jndi:ldap://127.0.0.1/a}"),
            of("property", "${bursar.aws.account} #{systemProperties}"),
            of("template", "{{7*7}} <%= 7*7 %>"),
            of("format", "%s%n%999999999d%1$s"),
            of("shell", "$(touch /tmp/hostile) `id` ; | & > <"),
            of("spreadsheet", "=cmd|'/C calc'!A0"),
            of("XML entity", "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>"),
            of("YAML tag", "!!javax.script.ScriptEngineManager [ ]"),
            of("quotes", "\"'`\u201c\u2018\u00ab\\\""),
            of("JSON", "{\"kind\":\"training\",\"__proto__\":{}}"),
            of("JSON that is not closed", "{\"a\":[\"b"),
            of("invalid escapes of JSON", "\\x41\\u12\\q\\"),
            of("deep JSON", "[".repeat(5_000)),
            of("placeholders", "? :name $1 ?? @p"),
            of("a number too large", "1e400"),
            of("not a number", "NaN"),
            of("null", "null"));

    private static final List<HostileText> BOMBS = List.of(
            of("regex that backtracks", "(a+)+$"),
            of("regex that backtracks on numbers", "(?:.*a){12}X([0-9])"),
            of("regex that recurses", "(.|\n)*X([0-9]+)"),
            of("regex that counts", "(x{1,1000}){1,1000}"),
            of("what a regex backtracks on", "a".repeat(4_000) + "!"),
            of("regex that is not closed", "([0-9"));

    private static final List<HostileText> LONG = List.of(
            of("1,024 characters and one", "x".repeat(1_025)),
            of("a file name too long", "n".repeat(256)),
            of("a file name too long in bytes", "\u6f22".repeat(100)),
            of("64 KiB in one word", "w".repeat(1 << 16)),
            of("1 MB", "m".repeat(MEGABYTE)),
            of("1 MB of NUL", "\0".repeat(MEGABYTE)),
            of("1 MB of half surrogates", "\ud83d".repeat(MEGABYTE)),
            of("1 MB of lines", "\n".repeat(MEGABYTE)),
            of("an emoji across every bound", "\ud83d\udca9".repeat(70_000)),
            of("a half emoji where 1,000 end", "x".repeat(999) + "\ud83d\udca9"));

    private static HostileText of(String name, String value) {
        return new HostileText(name, value);
    }

    private static String charactersFrom(int first, int end) {
        return IntStream.range(first, end).mapToObj(Character::toString).collect(Collectors.joining());
    }

    public static Stream<HostileText> all() {
        return Stream.of(CONTROL, TERMINAL, UNICODE, PATHS, SNIPPETS, BOMBS, LONG)
                .flatMap(List::stream);
    }

    /** What has no more characters than this. */
    public static Stream<HostileText> upTo(int characters) {
        return all().filter(text -> text.value().length() <= characters);
    }

    /** What a file of a Unix file system can be called: a name and no path, no NUL, 255 bytes. */
    public static Stream<HostileText> fileNames() {
        return all().filter(text -> text.isFileName());
    }

    /** Bytes that are no UTF-8. */
    public static Stream<byte[]> noUtf8() {
        return Stream.of(
                        "ff",
                        "fffe4100",
                        "c080",
                        "eda0bd",
                        "f0808080",
                        "f4908080",
                        "e282",
                        "80bf",
                        "61ff62",
                        "6dfc6e63")
                .map(HexFormat.of()::parseHex);
    }

    /** So many metrics, the first of them with hostile names. */
    public static Map<String, Double> metrics(int count) {
        var metrics = new TreeMap<String, Double>();
        all().limit(count).forEach(text -> metrics.put(text.value(), 0.5));
        for (var i = metrics.size(); i < count; i++) {
            metrics.put("metric:" + i, (double) i);
        }
        return metrics;
    }

    /** As UTF-8; halves of surrogates as the three bytes that a careless program writes for them. */
    public byte[] bytes() {
        var bytes = new ByteArrayOutputStream();
        value.codePoints()
                .forEach(point -> bytes.writeBytes(
                        Character.MIN_SURROGATE <= point && point <= Character.MAX_SURROGATE
                                ? new byte[] {
                                    (byte) 0xed, (byte) (0x80 | ((point >> 6) & 0x3f)), (byte) (0x80 | (point & 0x3f))
                                }
                                : Character.toString(point).getBytes(StandardCharsets.UTF_8)));
        return bytes.toByteArray();
    }

    private boolean isFileName() {
        var length = bytes().length;
        return length > 0
                && length <= 255
                && value.indexOf('\0') < 0
                && value.indexOf('/') < 0
                && Arrays.equals(bytes(), value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return name;
    }
}
