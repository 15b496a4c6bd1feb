package io.jsockmap.kernel;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What verifying a program took, as the last lines of the log say.
 *
 * {@snippet class="io.jsockmap.kernel.examples.KernelExamples" region="verify"}
 *
 * @param instructions instructions that were looked at, once for each path
 * @param maxStatesPerInstruction states kept at most for one instruction
 * @param totalStates states kept over time
 * @param peakStates states kept at the same time
 */
public record Effort(
        long instructions, long maxStatesPerInstruction, long totalStates, long peakStates) {
    private static final Pattern COUNTERS =
            Pattern.compile(
                    "processed (\\d+) insns .* max_states_per_insn (\\d+) total_states (\\d+)"
                            + " peak_states (\\d+) .*");

    private static final Pattern OTHER = Pattern.compile("(verification time|stack depth) .*");

    static Optional<Effort> of(String log) {
        return log.lines()
                .map(COUNTERS::matcher)
                .filter(match -> match.matches())
                .map(
                        match ->
                                new Effort(
                                        Long.parseLong(match.group(1)),
                                        Long.parseLong(match.group(2)),
                                        Long.parseLong(match.group(3)),
                                        Long.parseLong(match.group(4))))
                .findFirst();
    }

    static boolean isCounter(String line) {
        return COUNTERS.matcher(line).matches() || OTHER.matcher(line).matches();
    }
}
