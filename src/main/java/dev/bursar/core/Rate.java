package dev.bursar.core;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;

/**
 * What one instance costs, its volume included, and the price book that says so. The only place where usage becomes
 * money: holds are rounded up, charges half up, both once and at the end.
 *
 * @param usdPerHour US dollars for an instance-hour, ten decimals
 */
public record Rate(BigDecimal usdPerHour, String priceBook) {

    public static final int SCALE = 10;
    private static final BigDecimal MILLIS_PER_HOUR = BigDecimal.valueOf(3_600_000);

    public Rate {
        usdPerHour = usdPerHour.setScale(SCALE, RoundingMode.HALF_UP);
        if (usdPerHour.signum() <= 0) {
            throw new IllegalArgumentException("a price is above zero, not " + usdPerHour.toPlainString());
        }
    }

    /** What must be set aside so that this much instance time is surely paid. */
    public Money worstCase(Duration instanceTime) {
        return Money.up(exactly(instanceTime, RoundingMode.CEILING));
    }

    /** What this much instance time has cost. */
    public Money over(Duration instanceTime) {
        return Money.halfUp(exactly(instanceTime, RoundingMode.HALF_UP));
    }

    /** The longest instance time that this much money surely pays. */
    public Duration boughtBy(Money money) {
        return Duration.ofSeconds(money.amount()
                .multiply(BigDecimal.valueOf(3600))
                .divide(usdPerHour, 0, RoundingMode.FLOOR)
                .longValue());
    }

    private BigDecimal exactly(Duration instanceTime, RoundingMode mode) {
        return usdPerHour.multiply(BigDecimal.valueOf(instanceTime.toMillis())).divide(MILLIS_PER_HOUR, 20, mode);
    }
}
