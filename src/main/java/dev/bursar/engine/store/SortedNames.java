// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.store;

import java.time.Instant;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListSet;

/** The names of the resources of one kind in the orders that never change, so that no page has to sort them all. */
final class SortedNames {

    private final NavigableSet<SortKey> byName = new ConcurrentSkipListSet<>(SortKey.ORDER);
    private final NavigableSet<SortKey> byCreation = new ConcurrentSkipListSet<>(SortKey.ORDER);

    void add(String name, Instant created) {
        byName.add(new SortKey(name, name));
        byCreation.add(new SortKey(SortKey.text(created), name));
    }

    void remove(String name, Instant created) {
        byName.remove(new SortKey(name, name));
        byCreation.remove(new SortKey(SortKey.text(created), name));
    }

    /** In the order of that member, unless it is one that changes. */
    Optional<NavigableSet<SortKey>> by(String member) {
        return switch (member) {
            case "Name" -> Optional.of(byName);
            case "CreationTime" -> Optional.of(byCreation);
            default -> Optional.empty();
        };
    }
}
