package dev.bursar.catalogue;

import dev.bursar.aws.AwsAccounts;
import dev.bursar.aws.AwsSettings;
import dev.bursar.core.Caller;
import dev.bursar.web.Problem;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Whose prices a caller means who names no region: those of the lab's AWS account. */
@Service
class Regions {

    private static final Pattern NAME = Pattern.compile("[a-z]{2}(-[a-z]{2,10}){1,3}-[0-9]{1,2}");

    private final AwsAccounts accounts;
    private final AwsSettings settings;

    Regions(AwsAccounts accounts, AwsSettings settings) {
        this.accounts = accounts;
        this.settings = settings;
    }

    String of(Caller caller, @Nullable String named) {
        if (named == null) {
            return caller.lab() == null
                    ? settings.region()
                    : accounts.of(caller.lab()).region();
        }
        if (!NAME.matcher(named).matches()) {
            throw Problem.invalid("region", "must be the name of an AWS region, such as us-east-1");
        }
        return named;
    }
}
