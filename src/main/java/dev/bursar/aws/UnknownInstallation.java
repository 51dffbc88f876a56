package dev.bursar.aws;

import java.util.Optional;

/**
 * In AWS mode the service does not start without being told who it is: only what is configured apart from the database
 * tells a database from its copy (rule N1).
 */
public final class UnknownInstallation extends IllegalStateException {

    private static final long serialVersionUID = 1;

    UnknownInstallation(Optional<String> ofDatabase) {
        super(
                "In AWS mode set bursar.aws.installation, six lower-case letters or digits that start the name of every job: "
                        + "a copied database is recognised by it and touches nothing. "
                        + ofDatabase
                                .map(
                                        id -> "This database belongs to installation " + id
                                                + ": set that if this service goes on with its work, and another one if it is a copy.")
                                .orElse(
                                        "This database is new: choose one that no other installation of yours has, such as chem01."));
    }
}
