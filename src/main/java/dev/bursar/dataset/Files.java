package dev.bursar.dataset;

import dev.bursar.core.Caller;
import dev.bursar.core.LabId;
import dev.bursar.web.Problem;
import dev.bursar.web.ProblemType;
import io.swagger.v3.oas.annotations.media.Schema;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The files of a dataset. Every call to S3 is outside a transaction; the trace of a change is written after it. */
@Component
class Files {

    private final Shelf shelf;
    private final Stores stores;
    private final DatasetSettings settings;

    Files(Shelf shelf, Stores stores, DatasetSettings settings) {
        this.shelf = shelf;
        this.stores = stores;
        this.settings = settings;
    }

    /** Takes a file in, in place of an older one under its path. */
    Stored put(LabId lab, String dataset, FilePath path, Body body, Caller caller) {
        shelf.get(lab, dataset);
        var store = stores.of(lab);
        var key = store.prefix(dataset) + path;
        requireFree(store, dataset, path);
        var replaces = store.find(key).isPresent();
        var bytes = new Upload(
                        store, key, body.contentType(), settings.maxFileSize().toBytes())
                .send(body.content(), body.length());
        var what = replaces ? "dataset.file.replaced" : "dataset.file.uploaded";
        if (!shelf.note(lab, dataset, what, Map.of("path", path.value(), "bytes", bytes), caller)) {
            store.delete(key);
            throw Shelf.none(dataset);
        }
        return new Stored(path, bytes, store.uri(key), replaces);
    }

    ResponseInputStream<GetObjectResponse> open(LabId lab, String dataset, FilePath path, @Nullable String range) {
        shelf.get(lab, dataset);
        var store = stores.of(lab);
        return store.open(store.prefix(dataset) + path, range)
                .orElseThrow(() -> Problem.notFound("file", path + " in the dataset " + dataset));
    }

    /** Files by path; those after one, and only those whose path starts so. */
    List<FileView> list(LabId lab, String dataset, String start, @Nullable String after, int most) {
        shelf.get(lab, dataset);
        var store = stores.of(lab);
        var prefix = store.prefix(dataset);
        return store.list(prefix + start, after == null ? null : prefix + after, most).stream()
                .map(object -> FileView.of(store, prefix, object))
                .toList();
    }

    void delete(LabId lab, String dataset, FilePath path, Caller caller) {
        shelf.get(lab, dataset);
        var store = stores.of(lab);
        var key = store.prefix(dataset) + path;
        var found = store.find(key);
        if (found.isPresent()) {
            store.delete(key);
            shelf.note(
                    lab,
                    dataset,
                    "dataset.file.deleted",
                    Map.of("path", path.value(), "bytes", found.get().size()),
                    caller);
        }
    }

    /** Deletes the dataset with all its files; again, once it is gone from the shelf, for uploads that were under way. */
    void deleteAll(LabId lab, String dataset, Caller caller) {
        if (!DatasetName.isWellFormed(dataset)) {
            return;
        }
        var store = stores.of(lab);
        store.deleteAll(store.prefix(dataset));
        shelf.remove(lab, dataset, caller);
        store.deleteAll(store.prefix(dataset));
    }

    Size size(LabId lab, String dataset) {
        var store = stores.of(lab);
        return Size.of(store, store.prefix(dataset));
    }

    /** A name is a file or a folder, not both: on the disk of a job it could not be both either. */
    private static void requireFree(Store store, String dataset, FilePath path) {
        var prefix = store.prefix(dataset);
        for (var folder : path.folders()) {
            if (store.find(prefix + folder).isPresent()) {
                throw new Problem(
                        ProblemType.CONFLICT, "'" + folder + "' is a file, so nothing can be put into it as a folder.");
            }
        }
        if (!store.list(prefix + path + "/", null, 1).isEmpty()) {
            throw new Problem(ProblemType.CONFLICT, "'" + path + "' is a folder, so it cannot be a file.");
        }
    }

    /**
     * What is uploaded.
     *
     * @param length in bytes; -1 when it was not announced
     */
    record Body(InputStream content, long length, String contentType) {}

    record Stored(FilePath path, long bytes, String s3Uri, boolean replaced) {}

    /** A file in a list. */
    @Schema(name = "DatasetFile")
    record FileView(
            @Schema(example = "2026/train.csv") String path,
            @Schema(example = "118290") long bytes,
            Instant modifiedAt,

            @Schema(example = "s3://bursar-x7k2q9/labs/chem/datasets/biopsies/2026/train.csv")
            String s3Uri) {

        static FileView of(Store store, String prefix, S3Object object) {
            return new FileView(
                    object.key().substring(prefix.length()),
                    object.size(),
                    object.lastModified(),
                    store.uri(object.key()));
        }
    }
}
