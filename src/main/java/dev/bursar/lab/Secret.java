package dev.bursar.lab;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * An API key's secret: {@code bsr_} and 256 random bits. It has so much entropy that a plain SHA-256 is as good as a slow
 * hash, and cheap enough for every request.
 */
record Secret(String value) {

    private static final SecureRandom RANDOM = new SecureRandom();

    static Secret random() {
        var bits = new byte[32];
        RANDOM.nextBytes(bits);
        return new Secret("bsr_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bits));
    }

    byte[] hash() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Never by accident in a log. */
    @Override
    public String toString() {
        return "bsr_…";
    }
}
