package io.jsockmap.conformance.redirect;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.conformance.lab.EngineTest;
import io.jsockmap.conformance.lab.Lab;
import io.jsockmap.conformance.redirect.End.Kind;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * From every kind of socket to every kind, as docs/redirect-matrix.md has it. That nothing went
 * elsewhere is told by what is sent there next.
 */
@EngineTest
class RedirectMatrixTest {
    private static final String TEXT = "bytes on their way";
    private static final String NEXT = "what comes next";
    private static final int DROP = 0;
    private static final int PASS = 1;

    record Cell(Kind source, Kind target, boolean ingress, boolean hash) {
        private long flags() {
            return ingress ? Redirection.TO_INGRESS : Redirection.TO_EGRESS;
        }

        @Override
        public String toString() {
            return "%s to the %s of %s by %s"
                    .formatted(
                            source, ingress ? "ingress" : "egress", target, hash ? "key" : "index");
        }
    }

    private static Stream<Cell> cells() {
        return Arrays.stream(Kind.values())
                .flatMap(source -> Arrays.stream(Kind.values()).flatMap(to -> cells(source, to)));
    }

    private static Stream<Cell> cells(Kind source, Kind target) {
        return List.of(true, false).stream()
                .flatMap(
                        hash ->
                                Stream.of(
                                        new Cell(source, target, false, hash),
                                        new Cell(source, target, true, hash)));
    }

    static Stream<Cell> received() {
        return cells();
    }

    static Stream<Cell> sent() {
        return cells().filter(c -> c.source.isTcp() && (c.ingress || c.target.isTcp()));
    }

    static Stream<Cell> refused() {
        return cells().filter(c -> c.source.isTcp() && !c.ingress && !c.target.isTcp());
    }

    static Stream<Cell> unseen() {
        return cells().filter(c -> !c.source.isTcp());
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @MethodSource
    @DisplayName("X5, K19, K32, P19: what is received goes from any kind to any")
    void received(Cell cell, Lab lab) throws Exception {
        var source = cell.source.open(lab);
        var target = cell.target.open(lab);
        var redirection = Redirection.ofReceived(cell.hash, cell.flags(), lab);
        redirection.to(target.socket()).from(source.socket());

        source.farSends(TEXT);

        redirection.answers(PASS);
        arrives(cell, target);
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @MethodSource
    @DisplayName("X5, S11, S37: what TCP sends goes to TCP, and to the ingress of any kind")
    void sent(Cell cell, Lab lab) throws Exception {
        var source = cell.source.open(lab);
        var target = cell.target.open(lab);
        var redirection = Redirection.ofSent(cell.hash, cell.flags(), lab);
        redirection.to(target.socket()).from(source.socket());

        source.sends(TEXT);

        redirection.answers(PASS);
        arrives(cell, target);
    }

    private static void arrives(Cell cell, End target) throws IOException {
        if (cell.ingress) {
            target.receives(TEXT);
            target.sends(NEXT);
            target.farReceives(NEXT);
        } else {
            target.farReceives(TEXT);
            target.farSends(NEXT);
            target.receives(NEXT);
        }
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @MethodSource
    @DisplayName("X1, S11: what TCP sends does not go to the egress of another kind: a drop")
    void refused(Cell cell, Lab lab) throws Exception {
        var source = new End.OfStream(cell.source == Kind.TCP4 ? lab.tcp() : lab.tcp6());
        var target = cell.target.open(lab);
        var redirection = Redirection.ofSent(cell.hash, cell.flags(), lab);
        redirection.to(target.socket()).from(source.socket());

        source.stream().sendFails(TEXT, Errno.EACCES);

        redirection.answers(DROP);
        target.sends(NEXT);
        target.farReceives(NEXT);
        target.farSends(NEXT);
        target.receives(NEXT);
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @MethodSource
    @DisplayName("P18: what other kinds than TCP send goes its way, and the program never runs")
    void unseen(Cell cell, Lab lab) throws Exception {
        var source = cell.source.open(lab);
        var target = cell.target.open(lab);
        var redirection = Redirection.ofSent(cell.hash, cell.flags(), lab);
        redirection.to(target.socket()).from(source.socket());

        source.sends(TEXT);

        source.farReceives(TEXT);
        assertThat(redirection.hasRun()).isFalse();
    }
}
