package io.jsockmap.testkit.run;

import io.jsockmap.bpf.btf.SourceLine;
import io.jsockmap.bpf.program.ProgramFault;
import io.jsockmap.sockmap.socket.Verdict;

import java.util.List;
import java.util.Optional;

/**
 * What came of a run.
 *
 * {@snippet class="io.jsockmap.testkit.examples.RunExamples" region="run"}
 *
 * @param program its name
 * @param value R0; of a parser the length of the message, 0 for more bytes, or an errno, negative
 * @param verdict what R0 means; empty for parsers, events, and where there was a fault
 * @param target where a redirect helper would send the message, whatever R0 is: {@code guard.peer},
 *     or {@code guard} for its ingress; empty for nowhere
 * @param bytes the message as the program left it; empty for an event
 * @param linear how many of them can be read directly
 * @param applyBytes for how many bytes the verdict is asked to hold (bpf_msg_apply_bytes), or 0
 * @param corkBytes how many bytes the program wants to see first (bpf_msg_cork_bytes), or 0
 * @param reply what an event was answered; 0 for messages
 * @param changes what maps and variables hold now that they did not before
 * @param printed what the program printed
 * @param decided the C line that last set R0, as far as the object tells
 * @param fault why the run was ended, if it was
 * @param lines the C lines it went through, in their order
 * @param instructions how many were executed; 0 where there was a fault
 */
public record Outcome(
        String program,
        long value,
        Optional<Verdict> verdict,
        Optional<String> target,
        byte[] bytes,
        int linear,
        long applyBytes,
        long corkBytes,
        int reply,
        List<MapChange> changes,
        List<String> printed,
        Optional<SourceLine> decided,
        Optional<ProgramFault> fault,
        List<SourceLine> lines,
        long instructions) {
    public Outcome {
        changes = List.copyOf(changes);
        printed = List.copyOf(printed);
        lines = List.copyOf(lines);
    }
}
