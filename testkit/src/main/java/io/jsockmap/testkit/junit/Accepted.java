package io.jsockmap.testkit.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A TCP socket that was accepted, opened for the test: for a {@link TestSocket}.
 *
 * {@snippet class="io.jsockmap.testkit.examples.PolicyExamples" region="policy"}
 */
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface Accepted {
    /** The socket's name in keys. */
    String value();

    /** Under which keys it is in maps from the start: {@code MAP[KEY]}. */
    String[] in() default {};
}
