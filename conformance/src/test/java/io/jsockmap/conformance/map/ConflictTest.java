package io.jsockmap.conformance.map;

import static io.jsockmap.conformance.lab.Stream.assertFails;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.conformance.lab.EngineTest;
import io.jsockmap.conformance.lab.KernelFault;
import io.jsockmap.conformance.lab.Lab;
import io.jsockmap.sockmap.map.AttachType;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One socket in several places, and the programs that it has from there. */
@EngineTest
class ConflictTest {
    private static Program program(AttachType type, Lab lab) {
        var programs = lab.load("map-programs");
        return programs.program(
                switch (type) {
                    case SK_MSG_VERDICT -> "pass_sent";
                    case SK_SKB_STREAM_PARSER -> "parse";
                    default -> "pass_received";
                });
    }

    @ParameterizedTest
    @CsvSource({
        "SK_MSG_VERDICT, SK_MSG_VERDICT",
        "SK_SKB_STREAM_PARSER, SK_SKB_STREAM_PARSER",
        "SK_SKB_STREAM_VERDICT, SK_SKB_STREAM_VERDICT",
        "SK_SKB_STREAM_VERDICT, SK_SKB_VERDICT",
        "SK_SKB_VERDICT, SK_SKB_STREAM_VERDICT",
        "SK_SKB_VERDICT, SK_SKB_VERDICT"
    })
    @DisplayName("M23: a second program of a kind gives EBUSY")
    void sameKind(AttachType held, AttachType brought, Lab lab) throws Exception {
        var first = lab.sockMap(1);
        var second = lab.sockMap(1);
        first.attach(program(held, lab), held);
        second.attach(program(brought, lab), brought);
        var socket = lab.tcp().socket();
        first.update(0, socket, UpdateFlag.ANY);

        assertFails(() -> second.update(0, socket, UpdateFlag.ANY), Errno.EBUSY);

        assertThat(Cookies.at(second, 0)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "SK_MSG_VERDICT, SK_SKB_STREAM_VERDICT",
        "SK_SKB_STREAM_VERDICT, SK_MSG_VERDICT",
        "SK_SKB_STREAM_PARSER, SK_MSG_VERDICT",
        "SK_SKB_STREAM_PARSER, SK_SKB_VERDICT"
    })
    @DisplayName("M23, P14: programs of different kinds add up")
    void differentKinds(AttachType held, AttachType brought, Lab lab) throws Exception {
        var first = lab.sockMap(1);
        var second = lab.sockMap(1);
        first.attach(program(held, lab), held);
        second.attach(program(brought, lab), brought);
        var socket = lab.tcp().socket();

        first.update(0, socket, UpdateFlag.ANY);
        second.update(0, socket, UpdateFlag.ANY);

        assertThat(Cookies.at(second, 0)).hasValue(socket.cookie());
    }

    @Test
    @DisplayName("M23: the same program counts too")
    void sameProgram(Lab lab) throws Exception {
        var first = lab.sockMap(1);
        var second = lab.sockMap(1);
        var pass = program(AttachType.SK_MSG_VERDICT, lab);
        first.attach(pass, AttachType.SK_MSG_VERDICT);
        second.attach(pass, AttachType.SK_MSG_VERDICT);
        var socket = lab.tcp().socket();
        first.update(0, socket, UpdateFlag.ANY);

        assertFails(() -> second.update(0, socket, UpdateFlag.ANY), Errno.EBUSY);
    }

    @Test
    @DisplayName("M23: an entry that goes takes its conflict along")
    void noConflictAnyMore(Lab lab) throws Exception {
        var first = lab.sockMap(1);
        var second = lab.sockMap(1);
        first.attach(program(AttachType.SK_MSG_VERDICT, lab), AttachType.SK_MSG_VERDICT);
        second.attach(program(AttachType.SK_MSG_VERDICT, lab), AttachType.SK_MSG_VERDICT);
        var socket = lab.tcp().socket();
        first.update(0, socket, UpdateFlag.ANY);

        first.delete(0);
        second.update(0, socket, UpdateFlag.ANY);

        assertThat(Cookies.at(second, 0)).hasValue(socket.cookie());
    }

    @Test
    @DisplayName(
            "M24: under its own key a socket of a map with a program is EBUSY, even with EXIST")
    void underItsOwnKey(Lab lab) throws Exception {
        var map = lab.sockMap(1);
        map.attach(program(AttachType.SK_MSG_VERDICT, lab), AttachType.SK_MSG_VERDICT);
        var socket = lab.tcp().socket();
        map.update(0, socket, UpdateFlag.ANY);

        assertFails(() -> map.update(0, socket, UpdateFlag.EXIST), Errno.EBUSY);

        map.delete(0);
        map.update(0, socket, UpdateFlag.ANY);
        assertThat(Cookies.at(map, 0)).hasValue(socket.cookie());
    }

    @Test
    @DisplayName("M25: a socket may lie under many keys of many maps; each entry counts by itself")
    void manyEntries(Lab lab) throws Exception {
        var map = lab.sockMap(3);
        var hash = lab.sockHash(1, 3);
        var socket = lab.tcp().socket();
        for (byte i = 0; i < 3; i++) {
            map.update(i, socket, UpdateFlag.ANY);
            hash.update(new byte[] {i}, socket, UpdateFlag.ANY);
        }

        map.delete(1);

        assertThat(Cookies.at(map, 0)).hasValue(socket.cookie());
        assertThat(Cookies.at(map, 1)).isEmpty();
        assertThat(Cookies.at(map, 2)).hasValue(socket.cookie());
        assertThat(hash.keys()).hasSize(3);
    }

    @Test
    @DisplayName("M25: a program that one entry brought stays while that entry does")
    void programOfOneEntry(Lab lab) throws Exception {
        var judging = lab.sockMap(1);
        var plain = lab.sockMap(1);
        judging.attach(lab.load("msg-verdict").program("judge"), AttachType.SK_MSG_VERDICT);
        var sender = lab.tcp();
        judging.update(0, sender.socket(), UpdateFlag.ANY);
        plain.update(0, sender.socket(), UpdateFlag.ANY);

        plain.delete(0);

        sender.sendFails("Drop", Errno.EACCES);
    }

    @Test
    @DisplayName("M26: whoever is replaced has left the map, with its program")
    void replaced(Lab lab) throws Exception {
        var map = lab.sockMap(1);
        map.attach(lab.load("msg-verdict").program("judge"), AttachType.SK_MSG_VERDICT);
        var first = lab.tcp();
        var second = lab.tcp();
        map.update(0, first.socket(), UpdateFlag.ANY);

        map.update(0, second.socket(), UpdateFlag.EXIST);

        assertThat(Cookies.at(map, 0)).hasValue(second.socket().cookie());
        first.sends("Drop it, if you judge");
        first.farReceives("Drop it, if you judge");
        second.sendFails("Drop", Errno.EACCES);
    }

    @Test
    @DisplayName("M26: closing whoever was replaced does not take its successor along")
    void replacedAndClosed(Lab lab) throws Exception {
        var hash = lab.sockHash(4, 1);
        var key = new byte[] {1, 2, 3, 4};
        var first = lab.tcp();
        var second = lab.tcp();
        hash.update(key, first.socket(), UpdateFlag.ANY);
        hash.update(key, second.socket(), UpdateFlag.ANY);

        first.near().close();

        assertThat(Cookies.at(hash, key)).hasValue(second.socket().cookie());
    }

    @Test
    @DisplayName("M27, F26: replaced by itself, a socket has one entry, which counts once")
    void replacedByItself(Lab lab) throws Exception {
        var map = lab.sockMap(1);
        var connection = lab.tcp();
        map.update(0, connection.socket(), UpdateFlag.ANY);

        map.update(0, connection.socket(), UpdateFlag.EXIST);
        assertThat(Cookies.at(map, 0)).hasValue(connection.socket().cookie());
        map.delete(0);

        assertThat(Cookies.at(map, 0)).isEmpty();
        connection.farSends("native");
        connection.receives("native");
    }

    @Test
    @DisplayName("F34, M43: an entry takes the verdict that it brought, whatever its map has now")
    @KernelFault(value = "F34", instead = "the verdict runs on while the socket is elsewhere")
    void takesWhatItBrought(Lab lab) throws Exception {
        var judging = lab.sockMap(1);
        var plain = lab.sockMap(1);
        var shout = lab.load("rewrite").program("shout");
        judging.attach(shout, AttachType.SK_SKB_STREAM_VERDICT);
        var connection = lab.tcp();
        judging.update(0, connection.socket(), UpdateFlag.ANY);
        plain.update(0, connection.socket(), UpdateFlag.ANY);

        judging.detach(shout, AttachType.SK_SKB_STREAM_VERDICT);
        judging.delete(0);

        connection.farSends("native");
        connection.receives("native");
    }

    @Test
    @DisplayName("F34, M43: an entry that brought no verdict takes none, whatever its map has now")
    @KernelFault(value = "F34", instead = "the verdict of the other map stops")
    void takesNothing(Lab lab) throws Exception {
        var judging = lab.sockMap(1);
        var plain = lab.sockMap(1);
        var shout = lab.load("rewrite").program("shout");
        judging.attach(shout, AttachType.SK_SKB_STREAM_VERDICT);
        var connection = lab.tcp();
        plain.update(0, connection.socket(), UpdateFlag.ANY);
        judging.update(0, connection.socket(), UpdateFlag.ANY);

        plain.attach(shout, AttachType.SK_SKB_STREAM_VERDICT);
        plain.delete(0);

        connection.farSends("loud");
        connection.receives("LOUD");
    }

    @Test
    @DisplayName("M43: a verdict stops with its entry, though the socket stays in another map")
    void verdictStops(Lab lab) throws Exception {
        var judging = lab.sockMap(1);
        var plain = lab.sockMap(1);
        judging.attach(lab.load("rewrite").program("shout"), AttachType.SK_SKB_STREAM_VERDICT);
        var connection = lab.tcp();
        judging.update(0, connection.socket(), UpdateFlag.ANY);
        plain.update(0, connection.socket(), UpdateFlag.ANY);
        connection.farSends("loud");
        connection.receives("LOUD");

        judging.delete(0);

        connection.farSends("quiet");
        connection.receives("quiet");
    }
}
