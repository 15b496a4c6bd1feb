package io.jsockmap.testkit.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Something of the object by its name in C: a map, as {@link TestMap} or as it is, or a program.
 *
 * {@snippet class="io.jsockmap.testkit.examples.PolicyExamples" region="policy"}
 */
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface Named {
    String value();
}
