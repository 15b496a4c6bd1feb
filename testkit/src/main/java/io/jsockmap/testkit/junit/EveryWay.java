package io.jsockmap.testkit.junit;

import org.junit.jupiter.api.TestTemplate;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A test that is run once for each {@link io.jsockmap.testkit.scenario.Way} in which bytes may come
 * to programs. In a class with {@link SockmapTest}.
 *
 * {@snippet class="io.jsockmap.testkit.examples.PolicyExamples" region="policy"}
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@TestTemplate
public @interface EveryWay {}
