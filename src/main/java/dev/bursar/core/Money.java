package dev.bursar.core;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** US dollars to the micro-dollar. */
public record Money(@JsonValue BigDecimal amount) implements Comparable<Money> {

    public static final int SCALE = 6;
    public static final Money ZERO = new Money(BigDecimal.ZERO);
    private static final int MAX_DIGITS_BEFORE_POINT = 12;
    private static final int MOST_READ = 40;
    private static final String TOO_MUCH = "an amount of money has at most 12 digits before the point";

    public Money {
        amount = amount.setScale(SCALE, RoundingMode.UNNECESSARY);
        if (amount.precision() - SCALE > MAX_DIGITS_BEFORE_POINT) {
            throw new IllegalArgumentException(TOO_MUCH);
        }
    }

    /** Reads an amount as a person writes it; more than six decimals are an error, not rounded. */
    @JsonCreator
    public static Money of(BigDecimal amount) {
        if ((long) amount.precision() - amount.scale() > MAX_DIGITS_BEFORE_POINT) {
            throw new IllegalArgumentException(TOO_MUCH);
        }
        if (amount.scale() > MOST_READ || amount.stripTrailingZeros().scale() > SCALE) {
            throw new IllegalArgumentException("an amount of money has at most 6 decimals");
        }
        return new Money(amount);
    }

    public static Money of(String amount) {
        return of(new BigDecimal(amount));
    }

    static Money up(BigDecimal amount) {
        return new Money(amount.setScale(SCALE, RoundingMode.CEILING));
    }

    static Money halfUp(BigDecimal amount) {
        return new Money(amount.setScale(SCALE, RoundingMode.HALF_UP));
    }

    public Money plus(Money other) {
        return new Money(amount.add(other.amount));
    }

    public Money minus(Money other) {
        return new Money(amount.subtract(other.amount));
    }

    public boolean isPositive() {
        return amount.signum() > 0;
    }

    public boolean isMoreThan(Money other) {
        return compareTo(other) > 0;
    }

    @Override
    public int compareTo(Money other) {
        return amount.compareTo(other.amount);
    }

    /** For people: {@code $0.042931}. */
    @Override
    public String toString() {
        return (amount.signum() < 0 ? "-$" : "$") + amount.abs().toPlainString();
    }
}
