package dev.bursar.budget;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What the rules of money mean, said with integers of micro-dollars and without a word of SQL. It shares no code with
 * what it judges.
 */
final class Model {

    static final class Budget {
        long amount;
        long held;
        long charged;
        long overrun;
        boolean frozen;

        Budget(long amount) {
            this.amount = amount;
        }

        long free() {
            return amount - held - charged - overrun;
        }
    }

    static final class Hold {
        final List<Integer> budgets;
        long held;
        long spent;
        boolean closed;

        Hold(List<Integer> budgets) {
            this.budgets = List.copyOf(budgets);
        }
    }

    final List<Budget> budgets = new ArrayList<>();
    final Map<String, Hold> holds = new HashMap<>();

    Hold hold(String id) {
        return Objects.requireNonNull(holds.get(id));
    }

    /** Whether it fits; nothing moves where it does not. */
    boolean take(String id, List<Integer> binding, long worst) {
        if (binding.stream().map(budgets::get).anyMatch(budget -> budget.frozen || budget.free() < worst)) {
            return false;
        }
        var hold = new Hold(binding);
        hold.held = worst;
        binding.forEach(at -> budgets.get(at).held += worst);
        holds.put(id, hold);
        return true;
    }

    boolean renew(String id, long spent, long held) {
        var hold = hold(id);
        long more = Math.max(spent - hold.spent, 0);
        long grown = more + held - hold.held;
        for (int at : hold.budgets) {
            var budget = budgets.get(at);
            boolean closedToNew = budget.frozen && held > 0;
            if (grown > 0 && (closedToNew || budget.free() < grown)) {
                return false;
            }
        }
        for (int at : hold.budgets) {
            budgets.get(at).held += held - hold.held;
            budgets.get(at).charged += more;
        }
        hold.held = held;
        hold.spent += more;
        return true;
    }

    /** The hold pays first, then what is free; what is left is an overrun, and freezes. */
    void settle(String id, long spent) {
        var hold = hold(id);
        long more = Math.max(spent - hold.spent, 0);
        for (int at : hold.budgets) {
            var budget = budgets.get(at);
            long paid = Math.min(more, hold.held + Math.max(budget.free(), 0));
            budget.held -= hold.held;
            budget.charged += paid;
            if (more > paid) {
                budget.overrun += more - paid;
                budget.frozen = true;
            }
        }
        hold.spent += more;
        hold.held = 0;
        hold.closed = true;
    }

    void credit(int at, long amount) {
        var budget = budgets.get(at);
        budget.amount += amount;
        budget.frozen = budget.frozen && budget.free() < 0;
    }
}
