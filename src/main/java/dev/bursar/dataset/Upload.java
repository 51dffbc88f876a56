package dev.bursar.dataset;

import dev.bursar.web.Problem;
import dev.bursar.web.ProblemType;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * A file on its way to S3, in constant memory. A small one is read whole and then put; any other goes in parts, which
 * become an object only when the last has arrived, and whatever ends it earlier drops them. So a file is there completely
 * or not at all, and an older one under its name stays until then. (S3 itself would also take a long request whole or not
 * at all, but S3Proxy on a folder shows what has arrived of it under a name of its own.) Parts of a known length stream
 * through; those of an unknown one lie in a file for a moment, because S3 must be told how long each is: in memory, a few dozen
 * uploads at once would be more than there is.
 */
final class Upload {

    static final int SMALL_BYTES = 1024 * 1024;
    static final int READ_PART_BYTES = 8 * 1024 * 1024;
    static final long STREAMED_PART_BYTES = 64L * 1024 * 1024;
    private static final long UNKNOWN = -1;

    private final Store store;
    private final String key;
    private final String contentType;
    private final long limit;

    Upload(Store store, String key, String contentType, long limit) {
        this.store = store;
        this.key = key;
        this.contentType = contentType;
        this.limit = limit;
    }

    /** Returns how many bytes have arrived. */
    long send(InputStream file, long length) {
        if (length == UNKNOWN) {
            return sendUnknown(file);
        }
        requireWithin(length);
        if (length <= SMALL_BYTES) {
            var bytes = read(file, (int) length, 0);
            if (bytes.length < length) {
                throw cutOff(bytes.length + " of " + length);
            }
            return put(bytes);
        }
        inParts(id -> streamed(id, file, length));
        return length;
    }

    private long sendUnknown(InputStream file) {
        try (var spool = new Spool(READ_PART_BYTES)) {
            var first = spooled(spool, file, 0);
            if (first == READ_PART_BYTES) {
                return inParts(id -> spooled(id, spool, file));
            }
            store.call(s3 ->
                    s3.putObject(put -> put.bucket(store.bucket()).key(key).contentType(contentType), spool.body()));
            return first;
        }
    }

    private long put(byte[] bytes) {
        store.call(s3 -> s3.putObject(
                put -> put.bucket(store.bucket()).key(key).contentType(contentType), RequestBody.fromBytes(bytes)));
        return bytes.length;
    }

    private long inParts(Function<String, Sent> sending) {
        var id = store.call(s3 -> s3.createMultipartUpload(
                        create -> create.bucket(store.bucket()).key(key).contentType(contentType)))
                .uploadId();
        var complete = false;
        try {
            var sent = sending.apply(id);
            store.call(s3 -> s3.completeMultipartUpload(done ->
                    done.bucket(store.bucket()).key(key).uploadId(id).multipartUpload(all -> all.parts(sent.parts()))));
            complete = true;
            return sent.bytes();
        } finally {
            if (!complete) {
                store.call(s3 -> s3.abortMultipartUpload(
                        abort -> abort.bucket(store.bucket()).key(key).uploadId(id)));
            }
        }
    }

    private Sent streamed(String id, InputStream file, long length) {
        var parts = new ArrayList<CompletedPart>();
        long arrived = 0;
        while (arrived < length) {
            var part = new Incoming(file, Math.min(STREAMED_PART_BYTES, length - arrived));
            try {
                parts.add(part(
                        id,
                        parts.size() + 1,
                        RequestBody.fromContentProvider(part::open, part.length(), "application/octet-stream")));
            } catch (RuntimeException e) {
                throw part.isCutOff() ? cutOff((arrived + part.arrived()) + " of " + length) : e;
            }
            arrived += part.length();
        }
        return new Sent(parts, arrived);
    }

    private Sent spooled(String id, Spool spool, InputStream file) {
        var parts = new ArrayList<CompletedPart>();
        long arrived = 0;
        for (long some = READ_PART_BYTES; some > 0; some = spooled(spool, file, arrived)) {
            arrived += some;
            parts.add(part(id, parts.size() + 1, spool.body()));
        }
        return new Sent(parts, arrived);
    }

    private long spooled(Spool spool, InputStream file, long arrived) {
        try {
            var some = spool.fill(file);
            requireWithin(arrived + some);
            return some;
        } catch (IOException e) {
            throw cutOff(arrived + " or a few more");
        }
    }

    private CompletedPart part(String id, int number, RequestBody body) {
        var answer = store.call(s3 -> s3.uploadPart(
                part -> part.bucket(store.bucket()).key(key).uploadId(id).partNumber(number), body));
        return CompletedPart.builder().partNumber(number).eTag(answer.eTag()).build();
    }

    private static byte[] read(InputStream file, int most, long arrived) {
        try {
            return file.readNBytes(most);
        } catch (IOException e) {
            throw cutOff(arrived + " or a few more");
        }
    }

    private void requireWithin(long bytes) {
        if (bytes > limit) {
            throw new Problem(ProblemType.TOO_LARGE, "A file may have at most " + limit + " bytes.");
        }
    }

    private static Problem cutOff(String arrived) {
        return Problem.invalid(
                "body", "the upload ended after " + arrived + " bytes; nothing was kept, send the whole file again");
    }

    /** What has gone out under an upload's id. */
    private record Sent(List<CompletedPart> parts, long bytes) {}
}
