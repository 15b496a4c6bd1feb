package io.jsockmap.bpf.compiler.runtime;

import java.lang.invoke.MethodHandles;
import java.lang.reflect.InvocationTargetException;

/** Makes classes of compiled code. */
public final class Linkage {
    private Linkage() {}

    /**
     * Makes a hidden class, which is unloaded as soon as nobody refers to it, and its one object.
     *
     * @param objects what the class's initializer puts into its fields
     */
    public static CompiledCode define(byte[] type, Object[] objects) {
        try {
            var lookup = MethodHandles.lookup().defineHiddenClassWithClassData(type, objects, true);
            return (CompiledCode) lookup.lookupClass().getDeclaredConstructor().newInstance();
        } catch (IllegalAccessException
                | InstantiationException
                | NoSuchMethodException
                | InvocationTargetException e) {
            throw new IllegalStateException("a program's class can't be made", e);
        }
    }
}
