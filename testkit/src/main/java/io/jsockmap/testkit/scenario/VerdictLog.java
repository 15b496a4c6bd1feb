package io.jsockmap.testkit.scenario;

import io.jsockmap.sockmap.socket.Judgement;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SockListener;
import io.jsockmap.sockmap.socket.Verdict;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keeps the verdicts that no step has asked for yet. */
final class VerdictLog implements SockListener {
    private final Map<Sock, List<Given>> unasked = new HashMap<>();

    /**
     * A verdict.
     *
     * @param target where the message goes, for REDIRECT
     * @param ingress whether to its application
     * @param line the C line that decided, {@code policy.bpf.c:42}; empty if it is not known
     */
    record Given(
            String program, Verdict verdict, Optional<Sock> target, boolean ingress, String line) {}

    @Override
    public void judged(Judgement judgement) {
        unasked.computeIfAbsent(judgement.socket(), _ -> new ArrayList<>())
                .add(
                        new Given(
                                judgement.program().name(),
                                judgement.verdict(),
                                judgement.redirect().map(redirect -> redirect.target()),
                                judgement.redirect().map(r -> r.ingress()).orElse(false),
                                judgement.line().map(line -> line.place()).orElse("")));
    }

    /** Takes the verdicts on a socket's messages, those of one program if it is named. */
    List<Given> take(Sock socket, Optional<String> program) {
        var all = unasked.getOrDefault(socket, List.of());
        List<Given> taken = new ArrayList<>();
        List<Given> left = new ArrayList<>();
        for (var given : all) {
            boolean asked = program.map(name -> name.equals(given.program())).orElse(true);
            (asked ? taken : left).add(given);
        }
        unasked.put(socket, left);
        return taken;
    }
}
