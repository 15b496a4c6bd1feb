package io.jsockmap.bpf.program;

/**
 * What the kernel allows a program, and what a run is charged.
 *
 * {@snippet class="io.jsockmap.bpf.examples.VerifierExamples" region="limits"}
 */
public final class MachineLimits {
    /** Bytes of the stack that a function has. */
    public static final int STACK = 512;

    /** How many functions may be running at once. */
    public static final int FRAMES = 8;

    /** What a function or a helper is given at most, in R1 and so on. */
    public static final int ARGUMENTS = 5;

    /** As often as the kernel lets a {@code may_goto} loop go around. */
    public static final int MAY_GOTOS = 8_388_608;

    /** A helper takes about as long as this many instructions, apart from the bytes it touches. */
    public static final int HELPER_COST = 16;

    private MachineLimits() {}
}
