package io.jsockmap.bpf.program;

import io.jsockmap.bpf.program.Helper.Argument;
import io.jsockmap.bpf.program.Helper.Result;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A row of a table of the kernel's functions ("kfuncs"), which programs call by their names.
 *
 * {@snippet class="io.jsockmap.bpf.examples.ProgramTypeExamples" region="kfunc"}
 *
 * @param name the function's name in C
 * @param result what R0 holds afterwards
 * @param arguments what the registers from R1 on must hold
 * @param traits what else the verifier must know
 * @param function what it does
 */
public record Kfunc(
        String name,
        Result result,
        List<Argument> arguments,
        Set<CallTrait> traits,
        HelperFunction function) {

    /** A row. The kernel keeps all its functions for programs under the GPL. */
    public static Kfunc of(
            String name, HelperFunction function, Result result, Argument... arguments) {
        return new Kfunc(
                name, result, Arrays.asList(arguments), Set.of(CallTrait.GPL_ONLY), function);
    }

    /** The same with more for the verifier to know. */
    public Kfunc with(CallTrait... more) {
        var all = new HashSet<>(traits);
        all.addAll(Arrays.asList(more));
        return new Kfunc(name, result, arguments, all, function);
    }

    /** Whether the verifier must know that of it. */
    public boolean has(CallTrait trait) {
        return traits.contains(trait);
    }

    /** A table of several parts. */
    @SafeVarargs
    public static List<Kfunc> table(Collection<Kfunc>... parts) {
        List<Kfunc> table = new ArrayList<>();
        for (var part : parts) table.addAll(part);
        return List.copyOf(table);
    }
}
