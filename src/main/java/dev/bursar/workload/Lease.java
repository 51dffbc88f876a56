package dev.bursar.workload;

import java.time.Duration;

/**
 * How work that SageMaker does not limit is paid: stretch by stretch, each held before it begins (rule M6). What its
 * stop may take, the margin, is held on top of every stretch and is the {@code ending} of its {@link Quote}.
 *
 * @param first what is held before it is created
 * @param next what each renewal holds
 */
public record Lease(Duration first, Duration next) {}
