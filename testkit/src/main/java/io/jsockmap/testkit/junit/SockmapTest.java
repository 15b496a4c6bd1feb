package io.jsockmap.testkit.junit;

import io.jsockmap.testkit.scenario.Way;

import org.junit.jupiter.api.extension.ExtendWith;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A class of tests of an object's programs. Each test has the object to itself, on a network in
 * memory, and is given what its parameters ask for: a {@link io.jsockmap.testkit.scenario.Script},
 * {@link TestSocket}s that are {@link Accepted} or {@link Connected}, and by {@link Named} maps,
 * {@link TestMap}s and programs.
 *
 * <p>A {@code @Test} meets the worst delivery that is legal; an {@link EveryWay} test meets each.
 *
 * {@snippet class="io.jsockmap.testkit.examples.PolicyExamples" region="policy"}
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ExtendWith(SockmapExtension.class)
public @interface SockmapTest {
    /** The object file: a resource beside the class or at the root of the class path, or a file. */
    String value();

    /** Where programs go whose sections do not tell: {@code PROGRAM=MAP[:ATTACH]}. */
    String[] attach() default {};

    /** Variables and elements, set before: {@code NAME=VALUE}, {@code MAP[KEY]=VALUE}. */
    String[] set() default {};

    /** Programs that are not loaded. */
    String[] skip() default {};

    /** How bytes come to programs in a {@code @Test}. */
    Way way() default Way.HOSTILE;
}
