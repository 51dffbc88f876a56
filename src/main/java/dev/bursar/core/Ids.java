package dev.bursar.core;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * Ids of 16 characters in Crockford's base 32 (lower case, without i, l, o, u): 48 bits of time in milliseconds, then 32
 * random ones. Later ids sort later. Short enough to stand whole in the name of a SageMaker tuning job.
 */
public final class Ids {

    public static final String PATTERN = "[0-9a-hjkmnp-tv-z]{16}";
    private static final Pattern WELL_FORMED = Pattern.compile(PATTERN);
    private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final RandomGenerator RANDOM = new SecureRandom();

    private Ids() {}

    public static String next(Instant now) {
        return of(now, RANDOM.nextInt());
    }

    public static boolean isWellFormed(String id) {
        return WELL_FORMED.matcher(id).matches();
    }

    static String of(Instant now, int random) {
        long high = now.toEpochMilli();
        long low = random & 0xffffffffL;
        var id = new char[16];
        for (int at = 15; at >= 0; at--) {
            id[at] = DIGITS.charAt((int) (low & 31));
            low = (low >>> 5) | ((high & 31) << 27);
            high >>>= 5;
        }
        return new String(id);
    }
}
