package dev.bursar.web;

import dev.bursar.core.Caller;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * Does a request once, however often it is sent. The key's row is inserted in the transaction that does the work: a
 * concurrent twin waits there for the commit and then reads the first answer; if the work fails, the key is free again.
 */
@Component
public class Once {

    public static final String HEADER = "Idempotency-Key";

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final JsonMapper json;
    private final Clock clock;

    Once(JdbcClient jdbc, TransactionTemplate transaction, JsonMapper json, Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.json = json;
        this.clock = clock;
    }

    /** The answer that this request has already got, if it has been here before. */
    public <T> Optional<ResponseEntity<T>> known(Caller caller, @Nullable String key, Object request, Class<T> type) {
        return key == null ? Optional.empty() : first(caller, key, fingerprint(request), type);
    }

    /** Does the work in a transaction, or gives the answer that it gave before. */
    public <T> ResponseEntity<T> answer(
            Caller caller, @Nullable String key, Object request, Class<T> type, Supplier<ResponseEntity<T>> work) {
        return Objects.requireNonNull(transaction.execute(status -> {
            if (key == null) {
                return work.get();
            }
            var fingerprint = fingerprint(request);
            if (!claim(caller, key, fingerprint)) {
                return first(caller, key, fingerprint, type).orElseThrow();
            }
            var answer = work.get();
            keep(caller, key, answer);
            return answer;
        }));
    }

    private boolean claim(Caller caller, String key, byte[] fingerprint) {
        return jdbc.sql("""
                        insert into idempotency_key (caller, key, fingerprint, created_at)
                        values (:caller, :key, :fingerprint, :now) on conflict (caller, key) do nothing
                        """)
                        .param("caller", caller.actor())
                        .param("key", checked(key))
                        .param("fingerprint", fingerprint)
                        .param("now", Timestamp.from(clock.instant()))
                        .update()
                == 1;
    }

    private void keep(Caller caller, String key, ResponseEntity<?> answer) {
        var location = answer.getHeaders().getLocation();
        jdbc.sql("""
                        update idempotency_key set status = :status, location = :location, body = cast(:body as jsonb)
                        where caller = :caller and key = :key
                        """)
                .param("status", answer.getStatusCode().value())
                .param("location", location == null ? null : location.toString())
                .param("body", json.writeValueAsString(answer.getBody()))
                .param("caller", caller.actor())
                .param("key", key)
                .update();
    }

    private <T> Optional<ResponseEntity<T>> first(Caller caller, String key, byte[] fingerprint, Class<T> type) {
        return jdbc.sql("""
                        select fingerprint, status, location, body from idempotency_key
                        where caller = :caller and key = :key and status is not null
                        """)
                .param("caller", caller.actor())
                .param("key", key)
                .query((row, number) -> {
                    requireSame(row.getBytes("fingerprint"), fingerprint);
                    return stored(row, type);
                })
                .optional();
    }

    private <T> ResponseEntity<T> stored(ResultSet row, Class<T> type) throws SQLException {
        var answer = ResponseEntity.status(row.getInt("status")).header("Idempotent-Replay", "true");
        var location = row.getString("location");
        if (location != null) {
            answer.header(HttpHeaders.LOCATION, URI.create(location).toString());
        }
        return answer.body(json.readValue(row.getString("body"), type));
    }

    private static void requireSame(byte[] before, byte[] now) {
        if (!Arrays.equals(before, now)) {
            throw new Problem(
                    ProblemType.IDEMPOTENCY_KEY_REUSED,
                    "This Idempotency-Key came with another request before; nothing was done now.");
        }
    }

    private static String checked(String key) {
        if (key.isBlank() || key.length() > 255) {
            throw Problem.invalid(HEADER, "has 1 to 255 characters");
        }
        return key;
    }

    private byte[] fingerprint(Object request) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(request.getClass().getName().getBytes(java.nio.charset.StandardCharsets.UTF_8));
            return digest.digest(json.writeValueAsBytes(request));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
