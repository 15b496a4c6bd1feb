package io.jsockmap.bpf.verifier.call;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.program.CallTrait;
import io.jsockmap.bpf.program.Kfunc;
import io.jsockmap.bpf.verifier.rule.Rule;
import io.jsockmap.bpf.verifier.step.Walk;

/** Sections of read-copy-update, and without preemption. */
final class Sections {
    private final Walk walk;

    Sections(Walk walk) {
        this.walk = walk;
    }

    void enterOrLeave(Kfunc kfunc) {
        var state = walk.state();
        if (kfunc.has(CallTrait.RCU_LOCK)) {
            if (state.isRcuLocked()) throw rcu("nested rcu read lock", kfunc);
            state.setRcuLocked(true);
        } else if (kfunc.has(CallTrait.RCU_UNLOCK)) {
            if (!state.isRcuLocked()) throw rcu("unmatched rcu read unlock", kfunc);
            state.setRcuLocked(false);
        } else if (kfunc.has(CallTrait.PREEMPT_DISABLE)) {
            state.setPreemptions(state.preemptions() + 1);
        } else if (kfunc.has(CallTrait.PREEMPT_ENABLE)) {
            if (state.preemptions() == 0) {
                throw walk.refused(
                        Rule.PREEMPTION,
                        Errno.EINVAL,
                        "unmatched attempt to enable preemption (kernel function %s)",
                        kfunc.name());
            }
            state.setPreemptions(state.preemptions() - 1);
        }
    }

    private RuntimeException rcu(String problem, Kfunc kfunc) {
        return walk.refused(
                Rule.RCU_SECTION, Errno.EINVAL, "%s (kernel function %s)", problem, kfunc.name());
    }
}
