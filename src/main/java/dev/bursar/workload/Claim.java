package dev.bursar.workload;

/** A worker's temporary right to a row. Whoever finds another version has lost it. */
record Claim(WorkloadId id, long version) {}
