package io.jsockmap.bpf.helper;

import io.jsockmap.bpf.program.Helper.Result;
import io.jsockmap.bpf.program.Kfunc;

import java.util.List;
import java.util.stream.Stream;

/**
 * Functions of the kernel that every type of program may call, as far as they make sense without a
 * kernel.
 */
public final class Kfuncs {
    /** Nothing here is freed while a program runs, and no run is preempted by another. */
    private static final List<Kfunc> GUARDS =
            Stream.of(
                            "bpf_rcu_read_lock",
                            "bpf_rcu_read_unlock",
                            "bpf_preempt_disable",
                            "bpf_preempt_enable")
                    .map(name -> Kfunc.of(name, (_, _) -> 0, Result.NOTHING))
                    .toList();

    /** The common set. */
    public static final List<Kfunc> COMMON =
            Kfunc.table(NumberIterator.ALL, DynptrFunctions.ALL, GUARDS);

    private Kfuncs() {}
}
