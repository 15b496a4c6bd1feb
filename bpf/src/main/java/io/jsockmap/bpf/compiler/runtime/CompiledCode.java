package io.jsockmap.bpf.compiler.runtime;

/** What a program was compiled to: a class of its own, of which there is one object. */
public abstract class CompiledCode {

    /**
     * Runs the program from its beginning.
     *
     * @return its R0; or anything, if it made a tail call
     */
    protected abstract long main(Execution x, long r1, long r2);

    /** Runs the function that begins at a slot, one of those that the program has pointers to. */
    protected abstract long function(
            int start, Execution x, long r1, long r2, long r3, long r4, long r5);
}
