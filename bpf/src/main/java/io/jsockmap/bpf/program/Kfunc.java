package io.jsockmap.bpf.program;

import io.jsockmap.bpf.program.Helper.Argument;
import io.jsockmap.bpf.program.Helper.Result;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * A row of a table of the kernel's functions ("kfuncs"), which programs call by their names.
 *
 * @param name the function's name in C
 * @param result what R0 holds afterwards
 * @param arguments what the registers from R1 on must hold
 * @param whileLocked whether it may be called while the program holds a spin lock
 * @param function what it does
 */
public record Kfunc(
        String name,
        Result result,
        List<Argument> arguments,
        boolean whileLocked,
        HelperFunction function) {

    /** A row. */
    public static Kfunc of(
            String name, HelperFunction function, Result result, Argument... arguments) {
        return new Kfunc(name, result, Arrays.asList(arguments), false, function);
    }

    /** The same, allowed while the program holds a spin lock. */
    public Kfunc allowedWhileLocked() {
        return new Kfunc(name, result, arguments, true, function);
    }

    /** A table of several parts. */
    @SafeVarargs
    public static List<Kfunc> table(Collection<Kfunc>... parts) {
        List<Kfunc> table = new ArrayList<>();
        for (var part : parts) table.addAll(part);
        return List.copyOf(table);
    }
}
