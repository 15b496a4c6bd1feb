package io.jsockmap.bpf.program;

/**
 * Is told what a program leaves in its registers: for comparing one machine with another.
 *
 * {@snippet class="io.jsockmap.bpf.examples.RunExamples" region="watched"}
 */
@FunctionalInterface
public interface ExitWatcher {
    /**
     * The main function of a program ends.
     *
     * @param registers R0 to R9; nobody else uses the array
     */
    void exits(long[] registers);
}
