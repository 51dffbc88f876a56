package dev.bursar.budget;

import dev.bursar.core.Money;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * What a lab was given: budgets that an admin or a funding key opened. All others are shares of it, that an owner opened;
 * they limit, but they pay only beside one that was given and is open (rule M9).
 */
@Repository
class Grants {

    private static final String LAST = BudgetView.SELECT + """
            where given and lab_id = :lab and (project_id is null or project_id = :project)
              and (member_id is null or member_id = :member)
            order by closed_at is not null, coalesce(closed_at, pays_until) desc nulls last limit 1
            """;

    private final JdbcClient jdbc;

    Grants(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    static boolean pay(List<Window> binding) {
        return binding.stream().anyMatch(Window::given);
    }

    /** What is asked finds nothing to pay for it, though shares of it may be open. */
    Shortage noneOpen(Scope scope, List<Window> shares, Money asked, Instant now) {
        var because = MoneyTables.bound(scope, now, jdbc.sql(LAST))
                .query(Grants::whyNot)
                .optional()
                .orElse("the lab was given nothing for this");
        return shares.stream()
                .findFirst()
                .map(share ->
                        new Shortage(share.budget(), share.name(), asked, Money.ZERO, Shortage.Why.NO_BUDGET, because))
                .orElseGet(() -> new Shortage("none", "none", asked, Money.ZERO, Shortage.Why.NO_BUDGET, because));
    }

    private static String whyNot(ResultSet row, int number) throws SQLException {
        var budget = BudgetView.of(row, number);
        var what =
                switch (budget.state()) {
                    case SCHEDULED -> "begins at " + budget.startsAt();
                    case ENDING, ENDED -> "ended at " + budget.endsAt();
                    case CLOSED -> "is closed";
                    case OPEN, FROZEN -> "is just being opened";
                };
        return "'%s' (%s) %s".formatted(budget.name(), budget.id(), what);
    }
}
