package io.jsockmap.kernel.doctor;

/**
 * What a machine has or lacks.
 *
 * {@snippet class="io.jsockmap.kernel.examples.KernelExamples" region="doctor"}
 *
 * @param subject what was looked for
 * @param state whether it is there
 * @param detail what was seen; where it is missing, what to grant or install
 * @param enables what jsockmap can do with it
 */
public record Finding(String subject, State state, String detail, String enables) {
    /** Whether something is there. */
    public enum State {
        YES,
        NO,
        /** It can't be told on this machine. */
        UNKNOWN
    }

    public static Finding yes(String subject, String detail, String enables) {
        return new Finding(subject, State.YES, detail, enables);
    }

    public static Finding no(String subject, String detail, String enables) {
        return new Finding(subject, State.NO, detail, enables);
    }

    /** Yes or no. */
    public static Finding of(String subject, boolean there, String detail, String enables) {
        return new Finding(subject, there ? State.YES : State.NO, detail, enables);
    }
}
