package io.jsockmap.testkit.scenario;

import static io.jsockmap.bpf.program.HelperNumbers.CORK_BYTES;
import static io.jsockmap.bpf.program.HelperNumbers.LOAD_BYTES;
import static io.jsockmap.bpf.program.HelperNumbers.MSG_PULL;
import static io.jsockmap.bpf.program.HelperNumbers.SKB_PULL;

import io.jsockmap.bpf.program.Program;
import io.jsockmap.sockmap.program.SocketPrograms;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.testkit.scenario.Played.NamedRun;

import java.util.Optional;
import java.util.Set;

/** What usually mends a program that is right only where nothing is made hard. */
final class Advice {
    private Advice() {}

    /** For a failure of a play that is harder than one that passes. */
    static Optional<String> of(Played failing) {
        return Diagnosis.deciding(failing).flatMap(run -> of(failing, run));
    }

    private static Optional<String> of(Played failing, NamedRun run) {
        var program = run.note().program();
        if (program.type().equals(SocketPrograms.SK_MSG)) return toPullFromSent(program);
        var asLinuxDelivers = new Play(Delivery.KERNEL, new Segmentation.AsSent());
        if (failing.play().equals(asLinuxDelivers)) return toPullFromReceived(program);
        boolean isFramed = failing.runs().stream().anyMatch(NamedRun::parses);
        if (isFramed || !program.type().equals(SocketPrograms.SK_SKB)) return Optional.empty();
        return Optional.of(
                "a stream has no messages of its own: attach a stream parser that finds where they"
                        + " end, and the verdict sees whole ones");
    }

    private static Optional<String> toPullFromSent(Program program) {
        return program.callsAny(Set.of(MSG_PULL, CORK_BYTES))
                ? Optional.empty()
                : Optional.of(
                        "only the first element can be read directly: call"
                                + " bpf_msg_pull_data(msg, 0, n, 0), then load data and data_end"
                                + " again");
    }

    private static Optional<String> toPullFromReceived(Program program) {
        return program.callsAny(Set.of(SKB_PULL, LOAD_BYTES))
                ? Optional.empty()
                : Optional.of(
                        "received bytes can't be read directly before they are pulled: call"
                                + " bpf_skb_pull_data(skb, n) and load data and data_end again, or"
                                + " copy them by bpf_skb_load_bytes");
    }
}
