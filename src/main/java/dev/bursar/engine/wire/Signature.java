// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.wire;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Checks Signature Version 4 of a request against the one key pair the engine knows. */
public final class Signature {

    private static final Pattern AUTHORIZATION =
            Pattern.compile("AWS4-HMAC-SHA256 Credential=([^/,]+)/(\\d{8})/([^/,]+)/([^/,]+)/aws4_request,\\s*"
                    + "SignedHeaders=([^,]+),\\s*Signature=([0-9a-f]{64})");
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final Duration SKEW = Duration.ofMinutes(15);

    private final String accessKeyId;
    private final String secretAccessKey;

    public Signature(String accessKeyId, String secretAccessKey) {
        this.accessKeyId = accessKeyId;
        this.secretAccessKey = secretAccessKey;
    }

    /** Refuses a request that is not signed by our key, for that service, within a quarter of an hour of real time. */
    void check(Call call, String service, Instant realTime) {
        if (call.header("authorization").isEmpty()) {
            throw refused(403, "MissingAuthenticationTokenException", "Missing Authentication Token");
        }
        var authorization = AUTHORIZATION.matcher(call.header("authorization"));
        if (!authorization.matches()) {
            throw refused(
                    400,
                    "IncompleteSignatureException",
                    "Authorization header must be AWS4-HMAC-SHA256 with Credential, SignedHeaders and Signature.");
        }
        if (!authorization.group(1).equals(accessKeyId)) {
            throw refused(
                    403,
                    service.equals("sts") ? "InvalidClientTokenId" : "UnrecognizedClientException",
                    "The security token included in the request is invalid.");
        }
        if (!authorization.group(4).equals(service)) {
            throw refused(
                    403,
                    "InvalidSignatureException",
                    "Credential should be scoped to correct service: '%s'. ".formatted(service));
        }
        checkDate(call.header("x-amz-date"), authorization.group(2), realTime);
        var scope = Stream.of(2, 3, 4).map(authorization::group).toList();
        var expected = sign(call, scope, Arrays.asList(authorization.group(5).split(";", -1)));
        if (!MessageDigest.isEqual(bytes(expected), bytes(authorization.group(6)))) {
            throw refused(
                    403,
                    service.equals("sts") ? "SignatureDoesNotMatch" : "InvalidSignatureException",
                    "The request signature we calculated does not match the signature you provided."
                            + " Check your AWS Secret Access Key and signing method.");
        }
    }

    private static void checkDate(String stamp, String scopeDate, Instant realTime) {
        try {
            var signed = STAMP.parse(stamp, Instant::from);
            if (!stamp.startsWith(scopeDate)) {
                throw refused(
                        403,
                        "InvalidSignatureException",
                        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.");
            }
            var earliest = realTime.minus(SKEW);
            if (signed.isBefore(earliest)) {
                throw refused(
                        403,
                        "InvalidSignatureException",
                        "Signature expired: %s is now earlier than %s (%s - 15 min.)"
                                .formatted(stamp, STAMP.format(earliest), STAMP.format(realTime)));
            }
            var latest = realTime.plus(SKEW);
            if (signed.isAfter(latest)) {
                throw refused(
                        403,
                        "InvalidSignatureException",
                        "Signature not yet current: %s is still later than %s (%s + 15 min.)"
                                .formatted(stamp, STAMP.format(latest), STAMP.format(realTime)));
            }
        } catch (DateTimeException e) {
            throw refused(
                    400, "IncompleteSignatureException", "Date must be in ISO-8601 'basic format', got: " + stamp);
        }
    }

    private String sign(Call call, List<String> scope, List<String> signedHeaders) {
        var canonical = String.join(
                "\n",
                call.method(),
                canonicalPath(call.path()),
                canonicalQuery(call.query()),
                signedHeaders.stream()
                        .map(name -> name + ":" + canonicalHeader(call, name) + "\n")
                        .collect(Collectors.joining()),
                String.join(";", signedHeaders),
                sha256(call.body()));
        var toSign = String.join(
                "\n",
                "AWS4-HMAC-SHA256",
                call.header("x-amz-date"),
                String.join("/", scope) + "/aws4_request",
                sha256(bytes(canonical)));
        var key = bytes("AWS4" + secretAccessKey);
        for (var part : scope) {
            key = hmac(key, part);
        }
        return HexFormat.of().formatHex(hmac(hmac(key, "aws4_request"), toSign));
    }

    /** All services but S3 have what is encoded in the path encoded once more. */
    private static String canonicalPath(String path) {
        return path.isEmpty() ? "/" : path.replace("%", "%25");
    }

    private static String canonicalHeader(Call call, String name) {
        return call.header(name).strip().replaceAll(" +", " ");
    }

    private static String canonicalQuery(String query) {
        return Arrays.stream(query.split("&", -1))
                .filter(pair -> !pair.isEmpty())
                .map(pair -> pair.contains("=") ? pair : pair + "=")
                .map(pair -> pair.replace("+", "%20"))
                .sorted()
                .collect(Collectors.joining("&"));
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(bytes(text));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Refusal refused(int status, String code, String message) {
        return new Refusal(new WireError(status, code, message));
    }
}
