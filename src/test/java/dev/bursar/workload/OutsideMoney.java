package dev.bursar.workload;

import dev.bursar.core.LabId;
import dev.bursar.core.Money;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The judge of rule M9, who knows the ledger, the audit and the names of those who may give, and nothing of how the service
 * tells given money from shares: what work of a lab has and had of windows that are open now is not more than those who may
 * give have put there, into budgets of their own. What was held just now counts wherever it is held.
 */
record OutsideMoney(JdbcClient jdbc) {

    private static final String JUDGE = """
            with said as (
              select type, subject, id, at, coalesce(data -> 'after', data) as data from event
              where lab_id = :lab and type in ('budget.opened', 'budget.revised') and actor in (:givers)
            ), entry as (
              select e.*, w.budget_id, w.starts_at <= :now and :now < w.ends_at and :now < coalesce(b.ends_at, 'infinity')
                and w.closed_at is null and b.closed_at is null and :now < coalesce((
                  select cast(data ->> 'endsAt' as timestamptz) from said
                  where subject = b.id and data ->> 'endsAt' is not null order by id desc limit 1), 'infinity') as open
              from ledger_entry e join budget_window w on w.id = e.window_id join budget b on b.id = w.budget_id
              where b.lab_id = :lab
            ), given as (
              select window_id, sum(case when reason not like 'month %' then amount else least(amount, (
                select cast(data ->> 'monthlyAmount' as numeric) from said
                where subject = budget_id and data ->> 'monthlyAmount' is not null and said.at <= entry.at
                order by id desc limit 1)) end) as amount
              from entry where kind = 'CREDIT' and open and (actor in (:givers) or actor = 'bursar') and exists (
                select from said where subject = budget_id and type = 'budget.opened') group by window_id
            ), standing as (
              select hold_id, window_id, sum(case when kind in ('HOLD', 'OVERRUN', 'ADJUSTMENT') then amount
                  when kind = 'RELEASE' then -amount else 0 end) as amount,
                sum(case when kind = 'HOLD' then amount when kind in ('RELEASE', 'CHARGE') then -amount else 0 end) > 0
                  and max(id) filter (where kind = 'HOLD') > :since as just_held
              from entry where hold_id is not null group by hold_id, window_id
            ), work as (
              select hold_id, max(s.amount) filter (where g.window_id is not null) as of_given, max(s.amount) as of_any,
                bool_or(just_held) as just_held
              from standing s left join given g on g.window_id = s.window_id group by hold_id
            )
            select coalesce((select sum(coalesce(of_given, case when just_held then of_any else 0 end)) from work), 0) as used,
              coalesce((select sum(amount) from given), 0) as given, (select max(id) from ledger_entry) as last
            """;

    /** What was used and given at one instant, and the last entry of the ledger then. */
    record Verdict(Money used, Money given, long last) {

        boolean isMinted() {
            return used.isMoreThan(given);
        }
    }

    Verdict of(LabId lab, List<String> givers, long since, Instant now) {
        return jdbc.sql(JUDGE)
                .param("lab", lab.value())
                .param("givers", givers)
                .param("since", since)
                .param("now", Timestamp.from(now))
                .query((row, number) -> new Verdict(
                        Money.of(row.getBigDecimal("used")), Money.of(row.getBigDecimal("given")), row.getLong("last")))
                .single();
    }
}
