package io.jsockmap.bpf.insn;

/**
 * Divisions of RFC 9669, 4.1: by zero gives zero, and leaves what a modulo is taken of.
 *
 * {@snippet class="io.jsockmap.bpf.examples.InstructionExamples" region="arithmetic"}
 */
public final class Division {
    private Division() {}

    public static long divide(long a, long b) {
        return b == 0 ? 0 : Long.divideUnsigned(a, b);
    }

    public static long modulo(long a, long b) {
        return b == 0 ? a : Long.remainderUnsigned(a, b);
    }

    /** By a constant above zero: the JVM then multiplies instead. */
    public static long divideBy(long a, long constant) {
        return a >= 0 ? a / constant : Long.divideUnsigned(a, constant);
    }

    /** The same for what is left. */
    public static long moduloBy(long a, long constant) {
        return a >= 0 ? a % constant : Long.remainderUnsigned(a, constant);
    }

    public static int divide(int a, int b) {
        return b == 0 ? 0 : Integer.divideUnsigned(a, b);
    }

    public static int modulo(int a, int b) {
        return b == 0 ? a : Integer.remainderUnsigned(a, b);
    }

    // Java's own division has the results the RFC asks for: MIN / -1 is MIN, MIN % -1 is 0.

    public static long divideSigned(long a, long b) {
        return b == 0 ? 0 : a / b;
    }

    public static long moduloSigned(long a, long b) {
        return b == 0 ? a : a % b;
    }

    public static int divideSigned(int a, int b) {
        return b == 0 ? 0 : a / b;
    }

    public static int moduloSigned(int a, int b) {
        return b == 0 ? a : a % b;
    }
}
