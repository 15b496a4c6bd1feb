package io.jsockmap.policy;

import io.jsockmap.bpf.interpreter.Interpreter;
import io.jsockmap.sockmap.socket.Limits;

/**
 * What a policy and its sockets may take of the machine. They hold for as long as the policy runs:
 * a version that replaces another is held to those of the first.
 *
 * {@snippet class="io.jsockmap.policy.examples.PolicyExamples" region="file"}
 *
 * @param instructions how many a program may run for one message; more end the run with a fault,
 *     and the message is dropped
 * @param socket memory of each socket
 * @param sockets how many may be under the policy at once; one more is refused
 */
public record PolicyLimits(long instructions, Limits socket, int sockets) {
    /** What the engine has anyway, and any number of sockets. */
    public static final PolicyLimits DEFAULT =
            new PolicyLimits(Interpreter.DEFAULT_LIMIT, Limits.DEFAULT, Integer.MAX_VALUE);
}
