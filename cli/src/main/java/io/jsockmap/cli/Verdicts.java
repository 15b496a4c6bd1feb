package io.jsockmap.cli;

import io.jsockmap.sockmap.socket.Judgement;
import io.jsockmap.sockmap.socket.Redirect;

/** Words for verdicts. */
final class Verdicts {
    private Verdicts() {}

    static String describe(Judgement judgement) {
        return "socket %s %s %d bytes: %s %s%s%s"
                .formatted(
                        judgement.socket(),
                        judgement.received() ? "received" : "sends",
                        judgement.message().length(),
                        judgement.program().name(),
                        judgement.verdict(),
                        judgement.redirect().map(Verdicts::target).orElse(""),
                        judgement.line().map(line -> "  " + line).orElse(""));
    }

    private static String target(Redirect redirect) {
        return " to %s of socket %s"
                .formatted(redirect.ingress() ? "ingress" : "egress", redirect.target());
    }
}
