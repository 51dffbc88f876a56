package dev.bursar.dataset;

import dev.bursar.aws.AwsAccounts;
import dev.bursar.aws.AwsClients;
import dev.bursar.core.LabId;
import org.springframework.stereotype.Component;

/** The part of S3 that each lab has. */
@Component
class Stores {

    private final AwsAccounts accounts;
    private final AwsClients clients;

    Stores(AwsAccounts accounts, AwsClients clients) {
        this.accounts = accounts;
        this.clients = clients;
    }

    Store of(LabId lab) {
        var account = accounts.of(lab);
        return new Store(clients.s3(account), account, lab);
    }
}
