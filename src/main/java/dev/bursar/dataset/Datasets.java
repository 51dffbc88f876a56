package dev.bursar.dataset;

import dev.bursar.core.LabId;
import dev.bursar.web.Problem;
import dev.bursar.web.ProblemType;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import software.amazon.awssdk.services.s3.model.S3Object;

/** What other modules ask about a lab's data, before any money is held for work on it. Calls S3: never in a transaction. */
@Service
public class Datasets {

    private static final int NEAR = 5;

    private final Shelf shelf;
    private final Stores stores;

    Datasets(Shelf shelf, Stores stores) {
        this.shelf = shelf;
        this.stores = stores;
    }

    /**
     * Finds a file or folder of a dataset, or the whole of it when no path is given. SageMaker reads an S3 URI as the start
     * of keys: where a file's name continues in another's ({@code a.csv}, {@code a.csv.gz}), a job would see both.
     */
    public Location locate(LabId lab, String dataset, @Nullable String path) {
        if (!DatasetName.isWellFormed(dataset) || !shelf.has(lab, dataset)) {
            throw unknown("The lab has no dataset '" + FilePath.shown(dataset) + "'" + nearDatasets(lab));
        }
        var store = stores.of(lab);
        var prefix = store.prefix(dataset);
        if (path == null || path.isEmpty()) {
            return folder(store, prefix)
                    .orElseThrow(() -> unknown("The dataset '" + dataset + "' is empty; upload files to it first."));
        }
        var wanted = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return (FilePath.isWellFormed(wanted)
                        ? at(store, prefix + wanted, path.endsWith("/"))
                        : Optional.<Location>empty())
                .orElseThrow(() -> unknown("The dataset '" + dataset + "' has no '" + FilePath.shown(path) + "'"
                        + nearFiles(store, prefix, path)));
    }

    /** What an S3 URI of the lab leads to; empty where nothing is. A URI outside the lab's part of S3 is a problem. */
    public Optional<Location> ofUri(LabId lab, String s3Uri) {
        var store = stores.of(lab);
        var root = store.uri(store.root());
        if (!s3Uri.startsWith(root)) {
            throw unknown(
                    "The S3 URI '" + FilePath.shown(s3Uri) + "' is outside the lab; its own start with " + root + ".");
        }
        var inside = s3Uri.substring(root.length());
        var wanted = inside.endsWith("/") ? inside.substring(0, inside.length() - 1) : inside;
        if (!FilePath.isWellFormed(wanted)) {
            throw unknown("The S3 URI '" + FilePath.shown(s3Uri) + "' is outside the lab or not well formed.");
        }
        return at(store, store.root() + wanted, inside.endsWith("/"));
    }

    /** The first bytes of the first file there. */
    public byte[] head(LabId lab, Location location, int maxBytes) {
        var store = stores.of(lab);
        var first = store.list(location.key(), null, NEAR).stream()
                .filter(object -> object.size() > 0)
                .findFirst();
        if (first.isEmpty() || maxBytes <= 0) {
            return new byte[0];
        }
        var file = store.open(first.get().key(), "bytes=0-" + (maxBytes - 1))
                .orElseThrow(() -> unknown("'" + location.s3Uri() + "' has just been deleted."));
        try (file) {
            return file.readNBytes(maxBytes);
        } catch (IOException e) {
            throw Store.brokenOff(e);
        }
    }

    /** Refuses an archive that is no tar.gz, that would unpack to outside its folder, or that lacks the file to be run. */
    public void requireScriptArchive(LabId lab, Location archive, String entryPoint) {
        var file = stores.of(lab)
                .open(archive.key(), null)
                .orElseThrow(() -> unknown("'" + archive.s3Uri() + "' has just been deleted."));
        try {
            new ScriptArchive(
                            FilePath.shown(archive.key().substring(archive.key().lastIndexOf('/') + 1)), entryPoint)
                    .check(file);
        } finally {
            file.abort();
        }
    }

    private static Optional<Location> at(Store store, String key, boolean onlyFolder) {
        var file = onlyFolder ? Optional.<S3Object>empty() : store.find(key);
        return file.map(object -> new Location(store.uri(key), store.bucket(), key, false, object.size()))
                .or(() -> folder(store, key + "/"));
    }

    private static Optional<Location> folder(Store store, String prefix) {
        var size = Size.of(store, prefix);
        return size.files() == 0
                ? Optional.empty()
                : Optional.of(new Location(store.uri(prefix), store.bucket(), prefix, true, size.bytes()));
    }

    private String nearDatasets(LabId lab) {
        var names = shelf.page(lab, null, NEAR).stream().map(Dataset::name).toList();
        return names.isEmpty() ? "; it has none yet." : "; it has " + String.join(", ", names) + ".";
    }

    private static String nearFiles(Store store, String prefix, String path) {
        var near = store.list(prefix, null, Store.BATCH).stream()
                .map(object -> object.key().substring(prefix.length()))
                .sorted(Comparator.comparingInt((String other) -> -likeness(path, other))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(NEAR)
                .toList();
        return near.isEmpty() ? "; it is empty." : "; near it are " + String.join(", ", near) + ".";
    }

    /** Same name in another folder counts most, then how far the two agree from the start. */
    private static int likeness(String one, String other) {
        var sameName = last(one).equalsIgnoreCase(last(other)) ? FilePath.MAX_LENGTH : 0;
        var agreeing = Arrays.mismatch(one.toCharArray(), other.toCharArray());
        return sameName + (agreeing < 0 ? one.length() : agreeing);
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static Problem unknown(String detail) {
        return new Problem(ProblemType.UNKNOWN_DATA, detail);
    }
}
