package dev.bursar.dataset;

import dev.bursar.aws.AwsAccount;
import dev.bursar.core.LabId;
import dev.bursar.web.Problem;
import dev.bursar.web.ProblemType;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Delete;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A lab's part of S3. The only code here that calls S3, and that knows what its refusals mean. */
final class Store {

    private static final Logger log = LoggerFactory.getLogger(Store.class);
    private static final int RANGE_NOT_SATISFIABLE = 416;

    /** S3 deletes and lists at most this many at once. */
    static final int BATCH = 1_000;

    private final S3Client s3;
    private final AwsAccount account;
    private final LabId lab;

    Store(S3Client s3, AwsAccount account, LabId lab) {
        this.s3 = s3;
        this.account = account;
        this.lab = lab;
    }

    String bucket() {
        return account.bucket();
    }

    /** What all keys of the lab start with. */
    String root() {
        return account.keyPrefix(lab);
    }

    String prefix(String dataset) {
        return root() + "datasets/" + DatasetName.of(dataset) + "/";
    }

    String uri(String key) {
        return account.uri(key);
    }

    /**
     * Keys that start so, in their order, at most a batch of them. What a store answers beside them, because it takes a prefix
     * for a path, is dropped: it may be another lab's.
     */
    List<S3Object> list(String prefix, @Nullable String after, int most) {
        return call(s3 -> s3.listObjectsV2(list ->
                        list.bucket(bucket()).prefix(prefix).startAfter(after).maxKeys(Math.min(most, BATCH))))
                .contents()
                .stream()
                .filter(object -> object.key().startsWith(prefix))
                .toList();
    }

    /** The object with exactly this key: as it sorts before all that it is the start of, it is listed first. */
    Optional<S3Object> find(String key) {
        return list(key, null, 1).stream()
                .filter(object -> object.key().equals(key))
                .findFirst();
    }

    /**
     * Opens an object, or the asked part of it; empty where there is none.
     *
     * @param range as in HTTP: {@code bytes=0-99}
     */
    Optional<ResponseInputStream<GetObjectResponse>> open(String key, @Nullable String range) {
        try {
            return Optional.of(s3.getObject(get -> get.bucket(bucket()).key(key).range(range)));
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        } catch (S3Exception e) {
            if (e.statusCode() == RANGE_NOT_SATISFIABLE) {
                throw Problem.invalid("Range", "the file does not have the bytes " + range);
            }
            throw silent(e);
        } catch (SdkException e) {
            throw silent(e);
        }
    }

    void delete(String key) {
        call(s3 -> s3.deleteObject(delete -> delete.bucket(bucket()).key(key)));
    }

    /** Deletes all that starts so. */
    long deleteAll(String prefix) {
        long deleted = 0;
        for (var found = list(prefix, null, BATCH); !found.isEmpty(); found = list(prefix, null, BATCH)) {
            var keys = found.stream()
                    .map(object -> ObjectIdentifier.builder().key(object.key()).build())
                    .toList();
            var failed = call(s3 -> s3.deleteObjects(delete -> delete.bucket(bucket())
                            .delete(Delete.builder().objects(keys).quiet(true).build())))
                    .errors();
            if (!failed.isEmpty()) {
                throw new Problem(
                        ProblemType.AWS_UNAVAILABLE,
                        "S3 did not delete " + failed.get(0).key() + ": "
                                + failed.get(0).message() + ".");
            }
            deleted += keys.size();
        }
        return deleted;
    }

    /** Asks S3 for something, and says in our words when it does not do it. */
    <T> T call(Function<S3Client, T> asked) {
        try {
            return asked.apply(s3);
        } catch (SdkException e) {
            throw silent(e);
        }
    }

    static Problem brokenOff(IOException e) {
        log.warn("reading from S3 broke off; the client is told to try again: {}", e.getMessage());
        return new Problem(ProblemType.AWS_UNAVAILABLE, "Reading from S3 broke off.");
    }

    private static Problem silent(SdkException e) {
        log.warn("S3 refused a request; the client is told to try again: {}", e.getMessage());
        return new Problem(ProblemType.AWS_UNAVAILABLE, "S3 does not do what it was asked at the moment.");
    }
}
