package io.jsockmap.bpf.map;

/**
 * A map of programs to jump to.
 *
 * {@snippet class="io.jsockmap.bpf.examples.ProgramExamples" region="tailcalls"}
 *
 * @param <P> what a program is
 */
public interface ProgramArray<P extends JumpTarget> {

    /**
     * Puts a program at an index, or takes it away for null.
     *
     * @throws MapException E2BIG for an index beyond the end, EINVAL for a program of another type,
     *     EPERM for a BPF_F_RDONLY or frozen map
     */
    void set(long index, P program);

    /**
     * Makes sure that a program may jump to those in the map, or be one of them.
     *
     * @throws MapException EINVAL if it is of another type than the first
     */
    void admit(JumpTarget program);
}
