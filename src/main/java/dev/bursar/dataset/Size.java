package dev.bursar.dataset;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * How much lies under a prefix, and what AWS asks for keeping it.
 *
 * @param complete false when there is more than was counted
 */
record Size(long files, long bytes, boolean complete) {

    /** Twenty requests to S3: nobody should wait longer for a number. */
    static final long MOST_COUNTED = 20L * Store.BATCH;

    /** S3 Standard in us-east-1 in 2026; most regions ask a little more. */
    private static final BigDecimal USD_PER_GB_MONTH = new BigDecimal("0.023");

    private static final BigDecimal GB = BigDecimal.valueOf(1L << 30);
    private static final int DECIMALS = 6;

    static Size of(Store store, String prefix) {
        long files = 0;
        long bytes = 0;
        @Nullable String after = null;
        while (files < MOST_COUNTED) {
            var found = store.list(prefix, after, Store.BATCH);
            for (var object : found) {
                files++;
                bytes += object.size();
            }
            if (found.size() < Store.BATCH) {
                return new Size(files, bytes, true);
            }
            after = found.get(found.size() - 1).key();
        }
        return new Size(files, bytes, false);
    }

    BigDecimal usdPerMonth() {
        return USD_PER_GB_MONTH.multiply(BigDecimal.valueOf(bytes)).divide(GB, DECIMALS, RoundingMode.CEILING);
    }
}
