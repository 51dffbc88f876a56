package dev.bursar.lab;

import dev.bursar.core.Caller;
import dev.bursar.core.Ids;
import dev.bursar.core.Role;
import dev.bursar.event.Events;
import dev.bursar.event.Fact;
import dev.bursar.lab.ApiKeyController.FreshKey;
import dev.bursar.lab.ApiKeyController.KeyView;
import dev.bursar.lab.ApiKeyController.NewKey;
import dev.bursar.web.Page;
import dev.bursar.web.Problem;
import dev.bursar.web.ProblemType;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Makes keys, lists them and takes them away, each for whom the caller may do it. */
@Component
class KeyRing {

    private final ApiKeyRepository keys;
    private final MemberRepository members;
    private final Events events;
    private final Clock clock;

    KeyRing(ApiKeyRepository keys, MemberRepository members, Events events, Clock clock) {
        this.keys = keys;
        this.members = members;
        this.events = events;
        this.clock = clock;
    }

    @Transactional
    FreshKey make(NewKey asked, Caller caller) {
        var member = holder(asked, caller);
        var mayFund = Boolean.TRUE.equals(asked.budgetsWrite());
        if (mayFund && !caller.isAdmin()) {
            throw new Problem(ProblemType.FORBIDDEN, "Only an admin gives budgetsWrite.");
        }
        var now = clock.instant();
        var end = end(asked.expiresAt(), caller, now);
        var secret = Secret.random();
        var key = keys.save(new ApiKey(Ids.next(now), member, secret, asked.label(), mayFund, now, end));
        var view = KeyView.of(key, member);
        events.append(Fact.of("api-key.made", member.lab(), key.id(), view), caller);
        return new FreshKey(key.id(), secret.value(), view.lab(), member.id(), member.role(), end);
    }

    @Transactional(readOnly = true)
    Page<KeyView> list(Caller caller, @Nullable String before, int limit) {
        var lab = caller.lab() == null ? null : caller.lab().value();
        var member = caller.role().covers(Role.OWNER) ? null : caller.member().value();
        var rows = keys.page(lab, member, before, Limit.of(limit + 1)).stream()
                .map(row -> KeyView.of((ApiKey) row[0], (Member) row[1]))
                .toList();
        return Page.of(rows, limit, KeyView::id);
    }

    /** False when there is no such key for this caller. */
    @Transactional
    boolean revoke(String id, Caller caller) {
        var key = keys.findById(id).orElse(null);
        var holder = key == null ? null : members.findById(key.memberKey()).orElse(null);
        if (key == null || holder == null || !mayHold(caller, holder)) {
            return false;
        }
        if (key.revokedAt() == null) {
            var before = KeyView.of(key, holder);
            key.revoke(clock.instant());
            events.append(new Fact("api-key.revoked", holder.lab(), id, before, KeyView.of(key, holder)), caller);
        }
        return true;
    }

    /** A key makes none that outlives it: whoever finds one that is about to end gains nothing by it. */
    private @Nullable Instant end(@Nullable Instant asked, Caller caller, Instant now) {
        if (asked != null && !asked.isAfter(now)) {
            throw Problem.invalid("expiresAt", "is in the past");
        }
        var own = Optional.ofNullable(caller.keyId())
                .flatMap(keys::findById)
                .map(ApiKey::expiresAt)
                .orElse(null);
        if (own != null && asked != null && asked.isAfter(own)) {
            throw Problem.invalid("expiresAt", "is after " + own + ", when the key that you call with ends itself");
        }
        return asked == null ? own : asked;
    }

    /** Locked, so that nobody gets a key while being removed. */
    private Member holder(NewKey asked, Caller caller) {
        var lab = caller.lab() == null ? asked.lab() : caller.lab().value();
        if (asked.lab() != null && !asked.lab().equals(lab)) {
            throw Problem.notFound("lab", asked.lab());
        }
        var member = members.lock(lab, asked.member().value())
                .filter(found -> !found.hasLeft())
                .orElseThrow(() -> Problem.notFound("member", asked.member()));
        if (!mayHold(caller, member)) {
            throw new Problem(ProblemType.FORBIDDEN, "Keys for other members are made by an owner of the lab.");
        }
        return member;
    }

    private static boolean mayHold(Caller caller, Member holder) {
        var own = holder.id().equals(caller.member());
        return caller.lab() == null
                || (caller.lab().equals(holder.lab()) && (own || caller.role().covers(Role.OWNER)));
    }
}
