package dev.bursar.catalogue;

import java.math.BigDecimal;

/**
 * A list price.
 *
 * @param usd per instance-hour, or per GB-month of a volume
 * @param source who says so
 * @param date as of when
 */
record Price(BigDecimal usd, String source, String date) {

    Price {
        if (usd.signum() <= 0) {
            throw new IllegalArgumentException("a price is above zero, not " + usd.toPlainString());
        }
    }
}
