package io.jsockmap.bpf.verifier.flow;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.verifier.rule.Refusal;
import io.jsockmap.bpf.verifier.rule.Rule;

import java.util.List;

/**
 * Ends an analysis: the program breaks a rule. It never leaves the verifier, which makes a {@link
 * Refusal} of it.
 */
public final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Rule rule;
    private final Errno errno;
    private final transient List<Integer> registers;

    /**
     * @param registers the registers that the message is about
     */
    public Refused(Rule rule, Errno errno, String message, List<Integer> registers) {
        super(message, null, false, false);
        this.rule = rule;
        this.errno = errno;
        this.registers = List.copyOf(registers);
    }

    /** The same refusal in other words. */
    public Refused saying(Errno errno, String message) {
        return new Refused(rule, errno, message, registers);
    }

    public Rule rule() {
        return rule;
    }

    public Errno errno() {
        return errno;
    }

    public List<Integer> registers() {
        return registers;
    }
}
