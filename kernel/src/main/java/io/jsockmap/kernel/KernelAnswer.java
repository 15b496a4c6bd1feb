package io.jsockmap.kernel;

import io.jsockmap.bpf.Errno;
import io.jsockmap.kernel.load.ProgramLoad;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the running kernel says of a program.
 *
 * {@snippet class="io.jsockmap.kernel.examples.KernelExamples" region="verify"}
 *
 * @param errno why it was refused, by its number, positive; empty if it was accepted
 * @param log what its verifier wrote; of a program that was refused at least the reason, if there
 *     is one
 * @param effort what verifying took; empty if the kernel refused before it began
 * @param nanoseconds how long the system call took
 */
public record KernelAnswer(
        OptionalInt errno, String log, Optional<Effort> effort, long nanoseconds) {

    static KernelAnswer of(ProgramLoad.Attempt attempt) {
        var answer = attempt.answer();
        var errno = answer.isSuccess() ? OptionalInt.empty() : OptionalInt.of(answer.errno());
        return new KernelAnswer(
                errno, attempt.log(), Effort.of(attempt.log()), attempt.nanoseconds());
    }

    /** Whether it may run. */
    public boolean accepted() {
        return errno.isEmpty();
    }

    /** The name of the errno, empty if it was accepted. */
    public String errnoName() {
        return errno.isPresent() ? Errno.nameOf(errno.getAsInt()) : "";
    }

    /** The log's last line that tells something: of a program that was refused, the reason. */
    public String reason() {
        return reason(log);
    }

    /** {@link #reason()} of a log. */
    public static String reason(String log) {
        return log.lines()
                .filter(line -> !line.isBlank() && !Effort.isCounter(line))
                .filter(line -> !line.startsWith("cur state:") && !line.startsWith("old state:"))
                .reduce("", (_, last) -> last);
    }
}
