package dev.bursar.dataset;

import dev.bursar.web.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where a file is within its dataset: names separated by single slashes. It becomes part of an S3 key and, in a job, of a
 * path on disk; so it can neither climb out of the dataset nor mean two things.
 */
record FilePath(String value) {

    static final int MAX_LENGTH = 512;
    static final int MAX_NAME = 200;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._=+-]([A-Za-z0-9._=+ -]*[A-Za-z0-9._=+-])?");
    static final String MEANING =
            "names of letters, digits, spaces and . _ - = + separated by single slashes, such as 2026/train.csv, at most "
                    + MAX_LENGTH + " characters, " + MAX_NAME + " a name, without . or .. as a name";

    static FilePath of(String path) {
        if (!isWellFormed(path)) {
            throw Problem.invalid("path", "'" + shown(path) + "' is not possible; a path has " + MEANING);
        }
        return new FilePath(path);
    }

    /** What the rest of an address matches starts with the slash before it. */
    static FilePath ofRest(String rest) {
        return of(rest.startsWith("/") ? rest.substring(1) : rest);
    }

    static boolean isWellFormed(String path) {
        return path.length() <= MAX_LENGTH
                && List.of(path.split("/", -1)).stream().allMatch(FilePath::isName);
    }

    private static boolean isName(String name) {
        return NAME.matcher(name).matches() && name.length() <= MAX_NAME && !name.equals(".") && !name.equals("..");
    }

    /** What a path may start with: whole names, and the beginning of one. */
    static String requireBeginning(String prefix) {
        var last = prefix.substring(prefix.lastIndexOf('/') + 1);
        var folders = prefix.substring(0, prefix.length() - last.length());
        if (prefix.length() > MAX_LENGTH
                || !(folders.isEmpty() || isWellFormed(folders.substring(0, folders.length() - 1)))
                || !(last.isEmpty() || isName(last.replaceAll(" +$", "")))) {
            throw Problem.invalid("prefix", "'" + shown(prefix) + "' starts no path; a path has " + MEANING);
        }
        return prefix;
    }

    /** Where a list goes on: a path, as the page before has told it. */
    static String requireCursor(String cursor) {
        if (!isWellFormed(cursor)) {
            throw Problem.invalid("cursor", "send the value of next from the page before");
        }
        return cursor;
    }

    /** The last name in it. */
    String name() {
        return value.substring(value.lastIndexOf('/') + 1);
    }

    /** The folders that it lies in, the outermost first. */
    List<String> folders() {
        var folders = new ArrayList<String>();
        for (int slash = value.indexOf('/'); slash >= 0; slash = value.indexOf('/', slash + 1)) {
            folders.add(value.substring(0, slash));
        }
        return folders;
    }

    /** Text of somebody else's, fit to be repeated in a message. */
    static String shown(String text) {
        var plain = text.replaceAll("\\p{Cntrl}", "?");
        return plain.length() <= 80 ? plain : plain.substring(0, 80) + "…";
    }

    @Override
    public String toString() {
        return value;
    }
}
