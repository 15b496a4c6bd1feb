package io.jsockmap.bpf.verifier.log;

import java.util.Locale;

/**
 * What verifying a program took, in the kernel's terms.
 *
 * @param processed instructions that were looked at, on all paths
 * @param limit how many may be
 * @param maxStatesPerInstruction the most states that were kept for one instruction
 * @param totalStates the states that were made
 * @param peakStates the most that were kept at once
 */
public record Statistics(
        int processed, int limit, int maxStatesPerInstruction, int totalStates, int peakStates) {

    /** The last line of the kernel's log, to the letter; nothing marks reads, which is its last. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "processed %d insns (limit %d) max_states_per_insn %d total_states %d peak_states"
                        + " %d mark_read 0",
                processed,
                limit,
                maxStatesPerInstruction,
                totalStates,
                peakStates);
    }
}
