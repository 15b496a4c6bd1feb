package io.jsockmap.bpf.verifier.rule;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.btf.SourceLine;

import java.util.List;
import java.util.Optional;

/**
 * Why a program is not accepted.
 *
 * {@snippet class="io.jsockmap.bpf.examples.VerifierExamples" region="refused"}
 *
 * @param rule the rule that it breaks
 * @param errno what bpf(2) gives
 * @param message the kernel's phrase, one line or several
 * @param slot the instruction
 * @param line the line of C, if the object file tells
 * @param registers the registers that it is about
 * @param path the instructions of the path that led there, oldest first; the last is the one that
 *     is refused
 */
public record Refusal(
        Rule rule,
        Errno errno,
        String message,
        int slot,
        Optional<SourceLine> line,
        List<Integer> registers,
        List<Integer> path) {
    public Refusal {
        registers = List.copyOf(registers);
        path = List.copyOf(path);
    }
}
