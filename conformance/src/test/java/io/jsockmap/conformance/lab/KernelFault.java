package io.jsockmap.conformance.lab;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A scenario that the kernel is known to fail: what it asks for is what we do better, by section 9
 * of the semantics. The report of a guest's run lists it under that; a kernel that passes it has
 * been mended.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface KernelFault {
    /** The numbers of the faults, such as {@code F14}, or of a rule that we don't follow. */
    String[] value();

    /** What the kernel does instead. */
    String instead();
}
