package dev.bursar.web;

import dev.bursar.core.Role;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The least role that may call an operation. An operation without it is refused to everybody. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Allowed {
    Role value();

    /** Also for a key that may put money into labs ({@code budgets:write}). */
    boolean orMayFund() default false;
}
