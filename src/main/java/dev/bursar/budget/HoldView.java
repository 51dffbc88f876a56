package dev.bursar.budget;

import dev.bursar.core.Money;

/** What is set aside and what is spent for one workload. */
public record HoldView(Money held, Money charged, Money overrun, String priceBook) {}
