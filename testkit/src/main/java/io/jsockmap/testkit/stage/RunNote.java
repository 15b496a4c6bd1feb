package io.jsockmap.testkit.stage;

import io.jsockmap.bpf.btf.SourceLine;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramFault;
import io.jsockmap.sockmap.socket.Sock;

import java.util.List;
import java.util.Optional;

/**
 * A run that is over, in short.
 *
 * {@snippet class="io.jsockmap.testkit.examples.StageExamples" region="stage"}
 *
 * @param program the program that was started
 * @param socket whose message or event it was; empty for a timer's callback
 * @param length bytes of the message at the end, 0 for an event
 * @param value R0, 0 if it faulted
 * @param decided the C line that last set R0, as far as the object tells
 * @param fault why it was ended, if it was
 * @param lines the C lines it went through, in their order; the first of very many
 * @param failures the helpers that returned an error
 */
public record RunNote(
        Program program,
        Optional<Sock> socket,
        int length,
        long value,
        Optional<SourceLine> decided,
        Optional<ProgramFault> fault,
        List<SourceLine> lines,
        List<FailedCall> failures) {
    public RunNote {
        lines = List.copyOf(lines);
        failures = List.copyOf(failures);
    }

    /**
     * A helper that returned an error.
     *
     * @param helper its name
     * @param errno what it returned, positive
     * @param line where it was called, if the object tells
     */
    public record FailedCall(String helper, int errno, Optional<SourceLine> line) {}
}
