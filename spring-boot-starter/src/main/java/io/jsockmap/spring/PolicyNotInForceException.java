package io.jsockmap.spring;

import io.jsockmap.bpf.BpfException;

import java.io.IOException;
import java.io.Serial;

/** Why an application does not start: nothing would judge its sockets. */
final class PolicyNotInForceException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    private final String action;

    private PolicyNotInForceException(String problem, String action, Throwable cause) {
        super(problem, cause);
        this.action = action;
    }

    static PolicyNotInForceException unnamed() {
        return new PolicyNotInForceException(
                "jsockmap-spring-boot-starter is on the class path, and nothing says which policy"
                        + " to put into force.",
                "Set jsockmap.policy to a policy's file, such as classpath:policy.yaml, or define a"
                        + " bean of type LivePolicy. To start without a policy, set"
                        + " jsockmap.enabled=false.",
                null);
    }

    static PolicyNotInForceException refused(String policy, BpfException refusal) {
        return new PolicyNotInForceException(
                "The policy %s is refused: %s".formatted(policy, refusal.getMessage()),
                "Mend the policy: \"jsockmap policy FILE\" says whether it would come into force."
                        + " To start without a policy, set jsockmap.enabled=false.",
                refusal);
    }

    static PolicyNotInForceException unchanging(String policy) {
        return new PolicyNotInForceException(
                "jsockmap.watch is true, and the policy %s can't change: it is on the class path."
                        .formatted(policy),
                "Put the policy and its object into a folder and set jsockmap.policy to that file,"
                        + " or set jsockmap.watch=false.",
                null);
    }

    static PolicyNotInForceException unwatched(String policy, IOException cause) {
        return new PolicyNotInForceException(
                "The policy %s can't be watched: %s".formatted(policy, cause),
                "Let the application read the policy's folder and its object's, or set"
                        + " jsockmap.watch=false.",
                cause);
    }

    /** What to do. */
    String action() {
        return action;
    }
}
