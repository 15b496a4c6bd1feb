package io.jsockmap.bpf.compiler.emit;

import io.jsockmap.bpf.program.CallTrait;
import io.jsockmap.bpf.program.Facts;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.Target;

import java.lang.constant.ClassDesc;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The class that a program becomes.
 *
 * @param owner its name
 * @param bindings the objects it refers to
 * @param tailCallers where functions begin that may end with a tail call
 * @param locks whether the program may hold a spin lock
 * @param watched whether it tells what it leaves in its registers
 */
record Unit(
        ClassDesc owner,
        Program program,
        Bindings bindings,
        Set<Integer> tailCallers,
        boolean locks,
        boolean watched) {
    static Unit of(ClassDesc owner, Program program, List<Body> bodies, boolean watched) {
        Set<Integer> tailCallers = new HashSet<>();
        for (var body : bodies) {
            if (body.has(program, i -> program.mayCall(i, CallTrait.TAIL_CALL)))
                tailCallers.add(body.start());
        }
        boolean locks = program.mayCall(CallTrait.LOCKS);
        return new Unit(owner, program, new Bindings(owner), tailCallers, locks, watched);
    }

    boolean mayTailCall(int slot) {
        return program.mayCall(program.slot(slot), CallTrait.TAIL_CALL);
    }

    Optional<Facts> facts() {
        return program.facts();
    }

    /** Whether nothing was proved, so that all is checked as it happens. */
    boolean isChecked() {
        return facts().isEmpty();
    }

    /** Where the memory of an instruction is. */
    Target target(int slot) {
        return facts().map(f -> f.target(slot)).orElse(Target.ANY);
    }

    Target argument(int slot, int register) {
        return facts().map(f -> f.argument(slot, register)).orElse(Target.ANY);
    }

    /** Whether lines of C are known, so that the one that set R0 last can be told. */
    boolean hasLines() {
        return !program.debug().lines().isEmpty();
    }

    static String functionName(int start) {
        return "f" + start;
    }
}
