package dev.bursar.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bursar.core.Caller;
import dev.bursar.core.Role;
import dev.bursar.web.Allowed;
import dev.bursar.web.Problem;
import dev.bursar.web.ProblemType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.method.HandlerMethod;

class RoleGateTests {

    private static final String[] ADDRESSES = {"/api/v1/labs", "/%61pi/v1/labs", "/console", "/", "/actuator/env"};

    private final RoleGate gate = new RoleGate();

    @Test
    void letsNobodyReachWhatDeclaresNoRole() throws NoSuchMethodException {
        for (var address : ADDRESSES) {
            requireRefused(address, operation("forgotten"), Caller.BURSAR, ProblemType.NOT_FOUND);
            requireRefused(address, operation("forgotten"), null, ProblemType.UNAUTHENTICATED);
            requireRefused(address, new Object(), Caller.BURSAR, ProblemType.NOT_FOUND);
        }
    }

    @Test
    void asksWhatTheHandlerDeclaresWhateverTheAddress() throws NoSuchMethodException {
        for (var address : ADDRESSES) {
            requireRefused(address, operation("forOwners"), caller(Role.MEMBER, true), ProblemType.FORBIDDEN);
            requireRefused(address, operation("forOwners"), null, ProblemType.UNAUTHENTICATED);
            assertThat(passes(address, operation("forOwners"), caller(Role.OWNER, false)))
                    .isTrue();
            assertThat(passes(address, operation("forFunders"), caller(Role.VIEWER, true)))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/swagger-ui/index.html", "/api/v1/labs"})
    void leavesOpenWhatIsOpenByName(String address) {
        assertThat(passes(address, new org.springframework.web.servlet.resource.ResourceHttpRequestHandler(), null))
                .isTrue();
    }

    private void requireRefused(
            String address, Object handler, @org.jspecify.annotations.Nullable Caller caller, ProblemType type) {
        assertThatThrownBy(() -> passes(address, handler, caller))
                .as(address)
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(type));
    }

    private boolean passes(String address, Object handler, @org.jspecify.annotations.Nullable Caller caller) {
        var request = new MockHttpServletRequest("POST", address);
        request.setAttribute(KeyFilter.CALLER, caller);
        return gate.preHandle(request, new MockHttpServletResponse(), handler);
    }

    private static Caller caller(Role role, boolean mayFund) {
        return new Caller(null, Caller.BURSAR.member(), role, mayFund, null, null, null);
    }

    private static HandlerMethod operation(String name) throws NoSuchMethodException {
        return new HandlerMethod(new Operations(), Operations.class.getMethod(name));
    }

    /** What a controller may look like. */
    public static class Operations {

        public void forgotten() {}

        @Allowed(Role.OWNER)
        public void forOwners() {}

        @Allowed(value = Role.OWNER, orMayFund = true)
        public void forFunders() {}
    }
}
