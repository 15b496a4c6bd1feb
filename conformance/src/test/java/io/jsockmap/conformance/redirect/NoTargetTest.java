package io.jsockmap.conformance.redirect;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.IndexKey;
import io.jsockmap.conformance.lab.EngineTest;
import io.jsockmap.conformance.lab.Lab;
import io.jsockmap.conformance.lab.Stream;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a redirect helper refuses: it returns SK_DROP. */
@EngineTest
class NoTargetTest {
    private static final int DROP = 0;
    private static final String NEXT = "what comes next";

    /** Nothing has come to either side of it. */
    private static void gotNothing(Stream target) throws Exception {
        target.sends(NEXT);
        target.farReceives(NEXT);
        target.farSends(NEXT);
        target.receives(NEXT);
    }

    @ParameterizedTest
    @CsvSource({
        "false, 2",
        "false, 3",
        "false, 0x100000000",
        "false, 0x100000001",
        "false, 0xffffffffffffffff",
        "true, 2",
        "true, 0x8000000000000001"
    })
    @DisplayName("S11: flags that are not defined drop what is sent")
    void flagsOfSent(boolean hash, String flags, Lab lab) throws Exception {
        var source = lab.tcp();
        var target = lab.tcp();
        var redirection =
                Redirection.ofSent(hash, number(flags), lab)
                        .to(target.socket())
                        .from(source.socket());

        source.sendFails("lost", Errno.EACCES);

        redirection.answers(DROP);
        gotNothing(target);
    }

    @ParameterizedTest
    @CsvSource({
        "false, 2",
        "false, 3",
        "false, 0x100000000",
        "false, 0x100000001",
        "false, 0xffffffffffffffff",
        "true, 2",
        "true, 0x8000000000000001"
    })
    @DisplayName("K19: flags that are not defined drop what is received")
    void flagsOfReceived(boolean hash, String flags, Lab lab) throws Exception {
        var source = lab.tcp();
        var target = lab.tcp();
        var redirection =
                Redirection.ofReceived(hash, number(flags), lab)
                        .to(target.socket())
                        .from(source.socket());

        source.farSends("lost");

        redirection.answers(DROP);
        gotNothing(target);
    }

    private static long number(String flags) {
        return flags.startsWith("0x")
                ? Long.parseUnsignedLong(flags.substring(2), 16)
                : Long.parseLong(flags);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("S11: without an entry what is sent is dropped")
    void noEntryForSent(boolean hash, Lab lab) throws Exception {
        var source = lab.tcp();
        var redirection =
                Redirection.ofSent(hash, Redirection.TO_INGRESS, lab).from(source.socket());

        source.sendFails("lost", Errno.EACCES);

        redirection.answers(DROP);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("K19: without an entry what is received is dropped, and the connection goes on")
    void noEntryForReceived(boolean hash, Lab lab) throws Exception {
        var source = lab.tcp();
        var redirection =
                Redirection.ofReceived(hash, Redirection.TO_EGRESS, lab).from(source.socket());

        source.farSends("lost");

        redirection.answers(DROP);
        source.sends("still there");
        source.farReceives("still there");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("S11, M39: an entry that was deleted is none")
    void deletedEntry(boolean hash, Lab lab) throws Exception {
        var source = lab.tcp();
        var target = lab.tcp();
        var redirection =
                Redirection.ofSent(hash, Redirection.TO_EGRESS, lab)
                        .to(target.socket())
                        .from(source.socket());
        redirection.map().delete(IndexKey.of(0));

        source.sendFails("lost", Errno.EACCES);

        gotNothing(target);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("S11, M46: a target that is closed is none")
    void closedTarget(boolean hash, Lab lab) throws Exception {
        var source = lab.tcp();
        var target = lab.tcp();
        var redirection =
                Redirection.ofSent(hash, Redirection.TO_EGRESS, lab)
                        .to(target.socket())
                        .from(source.socket());
        target.near().close();

        source.sendFails("lost", Errno.EACCES);

        redirection.answers(DROP);
        target.farReceivesEnd();
    }

    @ParameterizedTest
    @ValueSource(longs = {Redirection.TO_EGRESS, Redirection.TO_INGRESS})
    @DisplayName("M51, S11: a socket that listens is no target of what is sent")
    void listeningForSent(long flags, Lab lab) throws Exception {
        var source = lab.tcp();
        var redirection =
                Redirection.ofSent(false, flags, lab)
                        .to(lab.listener().socket())
                        .from(source.socket());

        source.sendFails("lost", Errno.EACCES);

        redirection.answers(DROP);
    }

    @ParameterizedTest
    @ValueSource(longs = {Redirection.TO_EGRESS, Redirection.TO_INGRESS})
    @DisplayName("M51, K19: a socket that listens is no target of what is received")
    void listeningForReceived(long flags, Lab lab) throws Exception {
        var source = lab.tcp();
        var redirection =
                Redirection.ofReceived(false, flags, lab)
                        .to(lab.listener().socket())
                        .from(source.socket());

        source.farSends("lost");

        redirection.answers(DROP);
    }

    @ParameterizedTest
    @ValueSource(longs = {Redirection.TO_EGRESS, Redirection.TO_INGRESS})
    @DisplayName("S11: a UDP socket without a peer is no target of what is sent")
    void unconnectedForSent(long flags, Lab lab) throws Exception {
        var source = lab.tcp();
        var redirection =
                Redirection.ofSent(false, flags, lab)
                        .to(lab.unconnectedUdp().socket())
                        .from(source.socket());

        source.sendFails("lost", Errno.EACCES);

        redirection.answers(DROP);
    }

    @ParameterizedTest
    @ValueSource(longs = {Redirection.TO_EGRESS, Redirection.TO_INGRESS})
    @DisplayName("K19, K32: a UDP socket without a peer is no target of what is received")
    void unconnectedForReceived(long flags, Lab lab) throws Exception {
        var source = lab.tcp();
        var redirection =
                Redirection.ofReceived(false, flags, lab)
                        .to(lab.unconnectedUdp().socket())
                        .from(source.socket());

        source.farSends("lost");

        redirection.answers(DROP);
    }
}
