package io.jsockmap.dashboard.collect;

import io.jsockmap.bpf.btf.SourceLine;
import io.jsockmap.sockmap.socket.Judgement;

import java.util.Optional;

/**
 * What is kept of a message that was judged.
 *
 * {@snippet class="io.jsockmap.dashboard.examples.DashboardExamples" region="collect"}
 *
 * @param time milliseconds since 1970
 * @param socket the cookie of the socket
 * @param direction {@code received} or {@code sent}
 * @param program who judged
 * @param verdict {@code pass}, {@code drop} or {@code redirect}
 * @param target the cookie of the socket that it went to instead
 * @param ingress whether it went to that socket's application
 * @param line the C line that decided
 * @param length bytes
 * @param start its first bytes; empty if nobody has looked at them
 */
public record JudgedMessage(
        long time,
        long socket,
        String direction,
        String program,
        String verdict,
        Optional<Long> target,
        boolean ingress,
        Optional<SourceLine> line,
        int length,
        Optional<byte[]> start) {
    /** How many of its bytes are kept. */
    public static final int START = 64;

    static JudgedMessage of(Judgement judgement, long time) {
        var message = judgement.message();
        return new JudgedMessage(
                time,
                judgement.socket().cookie(),
                Words.direction(judgement.received()),
                judgement.program().name(),
                Words.verdict(judgement.verdict()),
                judgement.redirect().map(to -> to.target().cookie()),
                judgement.redirect().map(to -> to.ingress()).orElse(false),
                judgement.line(),
                message.length(),
                message.start(START));
    }
}
