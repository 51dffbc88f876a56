package dev.bursar.budget;

import dev.bursar.core.Money;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A budget's window as it stands: what {@code left} and {@code ever} would pay now and if nothing were held. */
record Window(
        long id,
        String budget,
        String name,
        Money left,
        Money ever,
        boolean frozen,
        boolean closed,
        boolean given,
        Instant endsAt) {

    static Optional<Shortage> endingBefore(List<Window> windows, Instant surelyOverBy, Money asked) {
        return windows.stream()
                .filter(window -> window.endsAt.isBefore(surelyOverBy))
                .findFirst()
                .map(window ->
                        new Shortage(window.budget, window.name, asked, window.left, Shortage.Why.ENDS_TOO_SOON));
    }

    Optional<Shortage> shortage(Money asked, Instant surelyOverBy) {
        if (closed) {
            return Optional.of(new Shortage(budget, name, asked, left, Shortage.Why.CLOSED));
        }
        if (asked.isMoreThan(ever)) {
            return Optional.of(new Shortage(budget, name, asked, ever, Shortage.Why.TOO_LITTLE));
        }
        if (endsAt.isBefore(surelyOverBy)) {
            return Optional.of(new Shortage(budget, name, asked, left, Shortage.Why.ENDS_TOO_SOON));
        }
        if (frozen) {
            return Optional.of(new Shortage(budget, name, asked, left, Shortage.Why.FROZEN));
        }
        return asked.isMoreThan(left)
                ? Optional.of(new Shortage(budget, name, asked, left, Shortage.Why.HELD_BY_OTHERS))
                : Optional.empty();
    }
}
