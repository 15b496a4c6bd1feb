package io.jsockmap.bpf.verifier.flow;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.insn.Operation.Callee;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.verifier.rule.Rule;

import java.util.List;

/**
 * Functions of the kernel are for programs with a compatible license. Linux looks for their calls
 * before it looks at anything else, so one that is never reached counts too, unlike a helper's.
 */
final class KfuncLicense {
    private KfuncLicense() {}

    static void check(Program program) {
        if (program.debug().isGplCompatible()) return;
        for (int slot = 0; slot < program.code().size(); slot++) {
            var i = program.slot(slot);
            if (i == null || !i.calls(Callee.KFUNC)) continue;
            throw new Refused(
                    Rule.GPL_ONLY,
                    Errno.EINVAL,
                    "cannot call kernel function from non-GPL compatible program",
                    List.of());
        }
    }
}
