package io.jsockmap.bpf.verifier.rule;

/**
 * How much work a verification was.
 *
 * {@snippet class="io.jsockmap.bpf.examples.VerifierExamples" region="refused"}
 *
 * @param instructions instructions looked at, on all paths together
 * @param mostStates states kept at one instruction at most
 * @param states states kept in all
 * @param peak states kept at once at most
 */
public record Statistics(int instructions, int mostStates, int states, int peak) {}
