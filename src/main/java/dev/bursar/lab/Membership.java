package dev.bursar.lab;

import dev.bursar.core.Caller;
import dev.bursar.core.LabId;
import dev.bursar.core.Role;
import dev.bursar.event.Events;
import dev.bursar.event.Fact;
import dev.bursar.web.Problem;
import dev.bursar.web.ProblemType;
import java.time.Clock;
import java.util.Map;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** How people come into a lab and leave it. */
@Component
class Membership {

    private final MemberRepository members;
    private final ApiKeyRepository keys;
    private final Events events;
    private final Clock clock;

    Membership(MemberRepository members, ApiKeyRepository keys, Events events, Clock clock) {
        this.members = members;
        this.keys = keys;
        this.events = events;
        this.clock = clock;
    }

    @Transactional
    Member add(LabId lab, NewMember asked, Caller caller) {
        if (asked.role() == Role.ADMIN) {
            throw Problem.invalid("role", "a lab has viewers, members and owners; admins are in no lab");
        }
        var known = members.lock(lab.value(), asked.id().value());
        if (known.filter(member -> !member.hasLeft()).isPresent()) {
            throw new Problem(ProblemType.ALREADY_EXISTS, "The lab has a member " + asked.id() + " already.");
        }
        var member = known.orElseGet(
                () -> new Member(lab, asked.id(), asked.name(), asked.role(), asked.externalId(), clock.instant()));
        member.comeBack(asked.name(), asked.role(), asked.externalId());
        members.saveAndFlush(member);
        events.append(Fact.of("member.added", lab, asked.id().value(), asked), caller);
        return member;
    }

    /** Takes the keys away as well: who is added again gets new ones. */
    @Transactional
    void remove(LabId lab, String id, Caller caller) {
        var member = members.lock(lab.value(), id).orElseThrow(() -> Problem.notFound("member", id));
        if (!member.hasLeft()) {
            var before = MemberView.of(member);
            member.leave(clock.instant());
            var revoked = keys.revokeAllOf(member.key(), clock.instant());
            events.append(new Fact("member.removed", lab, id, before, Map.of("keysRevoked", revoked)), caller);
        }
    }
}
