package io.jsockmap.conformance.lab;

import org.junit.jupiter.api.ClassTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Scenarios that each engine passes: all of a class is run on user/interpreter, on user/compiled
 * and on the kernel. A method gets a {@link Lab} with the engine.
 *
 * <p>Bytes flow through the kernel's sockmap only in a guest (see {@code tools/guest}); elsewhere
 * the kernel does what is {@link WithoutTraffic}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ClassTemplate
@ExtendWith(EngineChoice.class)
public @interface EngineTest {}
