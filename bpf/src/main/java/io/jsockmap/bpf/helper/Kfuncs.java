package io.jsockmap.bpf.helper;

import io.jsockmap.bpf.program.CallTrait;
import io.jsockmap.bpf.program.Helper.Result;
import io.jsockmap.bpf.program.Kfunc;

import java.util.List;

/**
 * Functions of the kernel that every type of program may call, as far as they make sense without a
 * kernel.
 */
public final class Kfuncs {
    /** Nothing here is freed while a program runs, and no run is preempted by another. */
    private static final List<Kfunc> GUARDS =
            List.of(
                    guard("bpf_rcu_read_lock", CallTrait.RCU_LOCK),
                    guard("bpf_rcu_read_unlock", CallTrait.RCU_UNLOCK),
                    guard("bpf_preempt_disable", CallTrait.PREEMPT_DISABLE),
                    guard("bpf_preempt_enable", CallTrait.PREEMPT_ENABLE));

    /** The common set. */
    public static final List<Kfunc> COMMON =
            Kfunc.table(NumberIterator.ALL, DynptrFunctions.ALL, GUARDS);

    private Kfuncs() {}

    private static Kfunc guard(String name, CallTrait trait) {
        return Kfunc.of(name, (_, _) -> 0, Result.NOTHING).with(trait);
    }
}
