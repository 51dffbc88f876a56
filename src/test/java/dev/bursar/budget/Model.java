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

    /** A month of a budget, or all of a grant. */
    static final class Window {
        final Budget budget;
        final int month;
        long amount;
        long held;
        long charged;
        long overrun;
        boolean frozen;

        Window(Budget budget, int month, long amount) {
            this.budget = budget;
            this.month = month;
            this.amount = amount;
        }

        long free() {
            return amount - held - charged - overrun;
        }

        void add(long more) {
            amount += more;
            frozen = frozen && free() < 0;
        }
    }

    static final class Budget {
        final boolean monthly;
        final boolean carries;
        final long each;
        final List<Window> windows = new ArrayList<>();
        int lastMonth = Integer.MAX_VALUE;
        boolean ended;
        boolean closed;

        Budget(boolean monthly, boolean carries, long each) {
            this.monthly = monthly;
            this.carries = carries;
            this.each = each;
            windows.add(new Window(this, 0, each));
        }

        Window last() {
            return windows.get(windows.size() - 1);
        }

        boolean frozen() {
            return windows.stream().anyMatch(window -> window.frozen);
        }
    }

    static final class Hold {
        List<Window> windows;
        long held;
        long spent;
        boolean closed;

        Hold(List<Window> windows) {
            this.windows = windows;
        }
    }

    final List<Budget> budgets = new ArrayList<>();
    final Map<String, Hold> holds = new HashMap<>();
    int month;

    Hold hold(String id) {
        return Objects.requireNonNull(holds.get(id));
    }

    void open(int at) {
        var budget = budgets.get(at);
        while (budget.monthly && !budget.closed && budget.last().month < Math.min(month, budget.lastMonth)) {
            budget.windows.add(new Window(budget, budget.last().month + 1, budget.each));
        }
    }

    /** Opens months, and moves what is free in those before to the last. */
    void ready(List<Integer> which) {
        which.forEach(this::open);
        which.stream().map(budgets::get).filter(budget -> budget.carries).forEach(budget -> {
            for (var window : budget.windows) {
                long free = window.frozen || window == budget.last() ? 0 : Math.max(0, window.free());
                window.amount -= free;
                budget.last().amount += free;
            }
        });
    }

    /** Those that pay for something new. */
    List<Window> payers(List<Integer> which) {
        return which.stream()
                .map(budgets::get)
                .filter(budget -> !budget.closed && !budget.ended)
                .map(Budget::last)
                .toList();
    }

    /** Whether it fits; nothing moves where it does not. */
    boolean take(String id, List<Integer> which, long worst) {
        ready(which);
        var payers = payers(which);
        if (payers.isEmpty() || payers.stream().anyMatch(window -> window.budget.frozen() || window.free() < worst)) {
            return false;
        }
        var hold = new Hold(payers);
        hold.held = worst;
        payers.forEach(window -> window.held += worst);
        holds.put(id, hold);
        return true;
    }

    boolean renew(String id, long spent, long held) {
        var hold = hold(id);
        long more = Math.max(spent - hold.spent, 0);
        long grown = more + held - hold.held;
        for (var window : hold.windows) {
            var shut = window.budget.frozen() || window.budget.closed || isOver(window);
            if (grown > 0 && ((held > 0 && shut) || window.free() < grown)) {
                return false;
            }
        }
        for (var window : hold.windows) {
            window.held += held - hold.held;
            window.charged += more;
        }
        hold.held = held;
        hold.spent += more;
        return true;
    }

    /** The stretch until now belongs to the windows it was held in, the next to those that are open now. */
    boolean roll(String id, List<Integer> which, long spent, long held) {
        ready(which);
        var hold = hold(id);
        long more = Math.max(spent - hold.spent, 0);
        if (rolled(hold, which, more, held)) {
            return true;
        }
        if (hold.windows.stream().anyMatch(window -> Math.max(0, window.free()) + hold.held < more)) {
            pay(hold, more);
            return rolled(hold, which, 0, held);
        }
        return false;
    }

    private boolean rolled(Hold hold, List<Integer> which, long more, long held) {
        var next = payers(which);
        var fits = !next.isEmpty()
                && hold.windows.stream()
                        .filter(window -> !next.contains(window))
                        .allMatch(window -> more <= hold.held || window.free() + hold.held >= more)
                && next.stream().allMatch(window -> {
                    long grown = held + (hold.windows.contains(window) ? more - hold.held : 0);
                    return grown <= 0 || (!window.budget.frozen() && window.free() >= grown);
                });
        if (fits) {
            hold.windows.forEach(window -> {
                window.held -= hold.held;
                window.charged += more;
            });
            next.forEach(window -> window.held += held);
            hold.windows = next;
            hold.held = held;
            hold.spent += more;
        }
        return fits;
    }

    void settle(String id, long spent) {
        var hold = hold(id);
        pay(hold, Math.max(spent - hold.spent, 0));
        hold.closed = true;
    }

    /** The hold pays first, then what is free; what is left is an overrun, and freezes. */
    private static void pay(Hold hold, long more) {
        for (var window : hold.windows) {
            long paid = Math.min(more, hold.held + Math.max(window.free(), 0));
            window.held -= hold.held;
            window.charged += paid;
            if (more > paid) {
                window.overrun += more - paid;
                window.frozen = true;
            }
        }
        hold.spent += more;
        hold.held = 0;
    }

    /** What earlier months lack comes first. */
    boolean credit(int at, long amount) {
        open(at);
        var budget = budgets.get(at);
        if (budget.closed) {
            return false;
        }
        long rest = amount;
        for (var window : budget.windows) {
            if (window.frozen && window != budget.last()) {
                long given = Math.min(rest, Math.max(0, -window.free()));
                window.add(given);
                rest -= given;
            }
        }
        budget.last().add(rest);
        return true;
    }

    boolean lower(int at, long to) {
        var window = budgets.get(at).last();
        if (to >= window.amount || window.held + window.charged + window.overrun > to) {
            return false;
        }
        window.amount = to;
        return true;
    }

    boolean transfer(int from, int to, long amount) {
        var giver = budgets.get(from);
        if (giver.frozen() || giver.last().free() < amount || budgets.get(to).closed) {
            return false;
        }
        giver.last().amount -= amount;
        budgets.get(to).last().add(amount);
        return true;
    }

    /** Its time is over now; a month that began before still gets its amount. */
    void end(int at) {
        budgets.get(at).ended = true;
        budgets.get(at).lastMonth = month;
    }

    private boolean isOver(Window window) {
        return window.budget.monthly ? window.month < month : window.budget.ended;
    }
}
