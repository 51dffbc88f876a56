package dev.bursar.dataset;

/**
 * Where data of a lab is.
 *
 * @param key of the one file, or what the keys of all its files start with, ending in a slash
 * @param prefix whether it is a folder or a whole dataset
 * @param bytes all files together
 */
public record Location(String s3Uri, String bucket, String key, boolean prefix, long bytes) {}
