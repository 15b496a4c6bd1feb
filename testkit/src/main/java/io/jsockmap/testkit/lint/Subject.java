package io.jsockmap.testkit.lint;

import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.verifier.rule.Refusal;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.program.SocketPrograms;
import io.jsockmap.testkit.lint.flow.CallSite;
import io.jsockmap.testkit.lint.flow.Flow;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A program, and what is known of it.
 *
 * @param attach where it goes, if the object tells
 * @param refusal why Linux would not load it, if so
 */
record Subject(Program program, Optional<AttachType> attach, Flow flow, Optional<Refusal> refusal) {
    /** Judges what a socket sends. */
    boolean isMessage() {
        return program.type().number() == SocketPrograms.SK_MSG.number();
    }

    /** Parses or judges what a socket receives. */
    boolean isBuffer() {
        return program.type().number() == SocketPrograms.SK_SKB.number();
    }

    /** Hears of connections. */
    boolean isSockOps() {
        return program.type().number() == SocketPrograms.SOCK_OPS.number();
    }

    boolean isParser() {
        return attach.equals(Optional.of(AttachType.SK_SKB_STREAM_PARSER));
    }

    /** What it returns decides on bytes; of a bare sk_skb section nobody knows. */
    boolean isVerdict() {
        return isMessage() || isBuffer() && attach.isPresent() && !isParser();
    }

    /** The calls of any of those helpers. */
    List<CallSite> calls(Set<Integer> helpers) {
        return flow.calls().stream().filter(call -> helpers.contains(call.helper())).toList();
    }

    boolean calls(int helper) {
        return !calls(Set.of(helper)).isEmpty();
    }
}
