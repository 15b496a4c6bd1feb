package io.jsockmap.bpf.program;

/**
 * What a helper does.
 *
 * {@snippet class="io.jsockmap.bpf.examples.ProgramTypeExamples" region="helper"}
 */
@FunctionalInterface
public interface HelperFunction {
    /**
     * Called during a run.
     *
     * @param run the run that calls
     * @param a the five argument registers R1 to R5, as the program left them
     * @return what goes to R0
     * @throws io.jsockmap.bpf.memory.MemoryFault if an argument points where it may not
     */
    long call(Run run, long[] a);
}
