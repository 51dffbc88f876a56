package dev.bursar.budget;

/** The hold of one workload, by the workload's own id: asking twice is asking once. */
public record HoldId(String value) {}
