package dev.bursar.aws;

import dev.bursar.core.LabId;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.Locale;
import java.util.Objects;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The AWS account of each lab: its own row, else the one that is everybody's. */
@Repository
public class AwsAccounts {

    private static final String LOCAL_ACCOUNT = "123456789012";

    private final JdbcClient jdbc;

    AwsAccounts(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    public AwsAccount of(LabId lab) {
        return jdbc.sql("""
                        select id, account, region, assume_role_arn, execution_role_arn, bucket, prefix, lab_id is not null as own_of_lab
                        from aws_account
                        where lab_id = :lab or lab_id is null order by lab_id nulls last limit 1
                        """).param("lab", lab.value()).query(AwsAccount.class).single();
    }

    /** The row that work was admitted with. */
    public AwsAccount of(long id) {
        return jdbc.sql("""
                        select id, account, region, assume_role_arn, execution_role_arn, bucket, prefix, lab_id is not null as own_of_lab
                        from aws_account where id = :id
                        """).param("id", id).query(AwsAccount.class).single();
    }

    /** Makes everybody's row from the settings where there is none yet; an existing one is left as it is. */
    void makeDefault(AwsSettings settings, Installation installation, Clock clock) {
        var account = Objects.requireNonNullElse(settings.account(), LOCAL_ACCOUNT);
        var role = Objects.requireNonNullElse(
                settings.executionRoleArn(), "arn:aws:iam::" + account + ":role/bursar-execution");
        jdbc.sql("""
                        insert into aws_account (lab_id, account, region, assume_role_arn, execution_role_arn, bucket, prefix, created_at)
                        values (null, :account, :region, :assume, :role, :bucket, :prefix, :now) on conflict (lab_id) do nothing
                        """)
                .param("account", account)
                .param("region", settings.region())
                .param("assume", settings.assumeRoleArn())
                .param("role", role)
                .param(
                        "bucket",
                        Objects.requireNonNullElse(settings.bucket(), "bursar-" + installation.id())
                                .toLowerCase(Locale.ROOT))
                .param("prefix", settings.prefix())
                .param("now", Timestamp.from(clock.instant()))
                .update();
    }

    AwsAccount everybodys() {
        return of(new LabId("-"));
    }
}
