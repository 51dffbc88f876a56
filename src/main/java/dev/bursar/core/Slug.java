package dev.bursar.core;

import java.util.regex.Pattern;

/** The form of names that people choose and that stand in addresses. */
public final class Slug {

    public static final String PATTERN = "[a-z0-9](-?[a-z0-9]){0,39}";
    public static final String MEANING =
            "1 to 40 lower-case letters and digits, with single hyphens between them, such as protein-folding";
    private static final Pattern WELL_FORMED = Pattern.compile(PATTERN);

    private Slug() {}

    static String checked(String value) {
        if (!WELL_FORMED.matcher(value).matches()) {
            throw new IllegalArgumentException("a name has " + MEANING);
        }
        return value;
    }
}
