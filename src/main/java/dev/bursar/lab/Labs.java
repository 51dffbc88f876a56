package dev.bursar.lab;

import dev.bursar.core.Caller;
import dev.bursar.core.LabId;
import dev.bursar.core.MemberId;
import dev.bursar.core.ProjectId;
import dev.bursar.web.Problem;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What other modules ask about labs. */
@Component
public class Labs {

    private final LabRepository labs;
    private final ProjectRepository projects;
    private final MemberRepository members;

    Labs(LabRepository labs, ProjectRepository projects, MemberRepository members) {
        this.labs = labs;
        this.projects = projects;
        this.members = members;
    }

    /**
     * The one lab that a request is about: the key's own, or the one that an admin names. Naming a foreign lab finds
     * nothing, as if it did not exist.
     */
    public LabId labOf(Caller caller, @Nullable String named) {
        if (caller.lab() != null) {
            if (named != null && !named.equals(caller.lab().value())) {
                throw Problem.notFound("lab", named);
            }
            return caller.lab();
        }
        if (named == null) {
            throw Problem.invalid("lab", "an admin's key belongs to no lab; say which one is meant");
        }
        if (!labs.existsById(named)) {
            throw Problem.notFound("lab", named);
        }
        return new LabId(named);
    }

    /** Whether there is anybody to keep a secret from. */
    public boolean areSeveral() {
        return labs.count() > 1;
    }

    public void requireProject(LabId lab, @Nullable ProjectId project) {
        if (project != null && !projects.existsById(new Project.Key(lab.value(), project.value()))) {
            throw Problem.notFound("project", project);
        }
    }

    public void requireMember(LabId lab, MemberId member) {
        if (members.findByLabIdAndMemberId(lab.value(), member.value())
                .filter(found -> !found.hasLeft())
                .isEmpty()) {
            throw Problem.notFound("member", member);
        }
    }
}
