package dev.bursar.algorithm;

/** What the algorithm would refuse, in the words its container uses. */
public record HyperparameterProblem(String name, String message) {}
