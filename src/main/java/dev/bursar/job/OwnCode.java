package dev.bursar.job;

import dev.bursar.aws.AwsAccounts;
import dev.bursar.aws.AwsConnectionDetails;
import dev.bursar.core.LabId;
import dev.bursar.job.JobSettings.UnconfinedScripts;
import dev.bursar.lab.Labs;
import dev.bursar.web.Problem;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/** Where people may run code of their own: only where it reaches no other lab's data. */
@Component
class OwnCode {

    static final String SETTING = "bursar.job.unconfined-scripts";

    private final AwsConnectionDetails aws;
    private final AwsAccounts accounts;
    private final Labs labs;
    private final JobSettings settings;

    OwnCode(AwsConnectionDetails aws, AwsAccounts accounts, Labs labs, JobSettings settings) {
        this.aws = aws;
        this.accounts = accounts;
        this.labs = labs;
        this.settings = settings;
    }

    void requireAllowed(LabId lab) {
        refusal(lab).ifPresent(why -> {
            throw Problem.invalid("algorithm", why);
        });
    }

    private Optional<String> refusal(LabId lab) {
        return aws.isSimulated()
                ? onTheEngine(labs.areSeveral(), settings.unconfinedScripts(), aws::unconfined)
                : onAws(accounts.of(lab).ownOfLab());
    }

    /** Rule N6: the execution role keeps code to its lab's data. */
    static Optional<String> onAws(boolean ownRole) {
        return ownRole
                ? Optional.empty()
                : Optional.of("this lab shares its execution role with others, so it runs built-in algorithms only; "
                        + "ask for an AWS account row of its own (docs/aws/README.md)");
    }

    /** There no role keeps it, but the walls around its processes, where they stand. */
    static Optional<String> onTheEngine(
            boolean areSeveral, UnconfinedScripts setting, Supplier<Optional<String>> unconfined) {
        if (!areSeveral || setting == UnconfinedScripts.ALLOW) {
            return Optional.empty();
        }
        return unconfined
                .get()
                .map(why ->
                        "scripts are refused: there is more than one lab, and nothing keeps a script on this machine"
                                + " from another lab's data. docs/access.md says how that can be had; " + SETTING
                                + "=allow runs them all the same. The engine says: " + why);
    }
}
