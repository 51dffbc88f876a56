package dev.bursar.lab;

import dev.bursar.core.Caller;
import dev.bursar.web.Problem;
import dev.bursar.web.ProblemType;
import dev.bursar.web.ProblemWriter;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.handler.MappedInterceptor;

/** Who gets in: the key filter knows the caller, the gate knows what each operation asks for. */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration implements WebMvcConfigurer {

    @Bean
    KeyFilter keyFilter(ApiKeyRepository keys, MemberRepository members, ProblemWriter problems, Clock clock) {
        return new KeyFilter(keys, members, problems, clock);
    }

    @Bean
    FilterRegistrationBean<KeyFilter> keyFilterOnlyInTheChain(KeyFilter filter) {
        var registration = new FilterRegistrationBean<>(filter);
        registration.setEnabled(false);
        return registration;
    }

    /** Headers and no session; what a caller may do is decided by {@link RoleGate}, operation by operation. */
    @Bean
    SecurityFilterChain chain(HttpSecurity http, KeyFilter filter) throws Exception {
        return http.csrf(AbstractHttpConfigurer::disable)
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .addFilterBefore(filter, org.springframework.security.web.access.intercept.AuthorizationFilter.class)
                .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .build();
    }

    /** As a bean of this type every mapping of Spring's asks it, those of the operators' endpoints too, and before all others. */
    @Bean
    MappedInterceptor gate() {
        return new MappedInterceptor(null, new RoleGate());
    }

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new CallerResolver());
    }

    private static final class CallerResolver implements HandlerMethodArgumentResolver {

        @Override
        public boolean supportsParameter(MethodParameter parameter) {
            return parameter.getParameterType() == Caller.class;
        }

        @Override
        public Object resolveArgument(
                MethodParameter parameter,
                @Nullable ModelAndViewContainer container,
                NativeWebRequest request,
                @Nullable WebDataBinderFactory binder) {
            var caller = request.getAttribute(KeyFilter.CALLER, RequestAttributes.SCOPE_REQUEST);
            if (caller == null) {
                throw new Problem(ProblemType.UNAUTHENTICATED, "This needs Authorization: Bearer with an API key.");
            }
            return caller;
        }
    }
}
