package io.jsockmap.conformance.attach;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.IndexKey;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.conformance.lab.EngineTest;
import io.jsockmap.conformance.lab.Lab;
import io.jsockmap.conformance.lab.Stream;
import io.jsockmap.sockmap.SockmapObject;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.SockMap;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Sockets have the programs that their maps had when they were inserted. */
@EngineTest
class InheritanceTest {
    private static Stream insert(SockMap map, long index, Lab lab) throws Exception {
        var connection = lab.tcp();
        map.update(index, connection.socket(), UpdateFlag.ANY);
        return connection;
    }

    private static void passes(Stream sender) throws Exception {
        sender.sends("out");
        sender.farReceives("out");
    }

    @Test
    @DisplayName("P13: a program that is attached later changes no socket that is in the map")
    void attachedLater(Lab lab) throws Exception {
        var map = lab.sockMap(2);
        var early = insert(map, 0, lab);

        map.attach(lab.load("map-programs").program("drop_sent"), AttachType.SK_MSG_VERDICT);
        var late = insert(map, 1, lab);

        passes(early);
        late.sendFails("out", Errno.EACCES);
    }

    @Test
    @DisplayName("P13: a program that is detached stays with the sockets that have it")
    void detachedLater(Lab lab) throws Exception {
        var map = lab.sockMap(2);
        var drop = lab.load("map-programs").program("drop_sent");
        map.attach(drop, AttachType.SK_MSG_VERDICT);
        var early = insert(map, 0, lab);

        map.detach(drop, AttachType.SK_MSG_VERDICT);
        var late = insert(map, 1, lab);

        early.sendFails("out", Errno.EACCES);
        passes(late);
    }

    @Test
    @DisplayName("P13: a program that is replaced stays with the sockets that have it")
    void replacedLater(Lab lab) throws Exception {
        var map = lab.sockMap(2);
        var programs = lab.load("map-programs");
        map.attach(programs.program("pass_sent"), AttachType.SK_MSG_VERDICT);
        var early = insert(map, 0, lab);

        map.attach(programs.program("drop_sent"), AttachType.SK_MSG_VERDICT);
        var late = insert(map, 1, lab);

        passes(early);
        late.sendFails("out", Errno.EACCES);
    }

    @Test
    @DisplayName("P10, P13: a link that is updated changes no socket that is in the map")
    void linkUpdated(Lab lab) throws Exception {
        var map = lab.sockMap(2);
        var programs = lab.load("map-programs");
        var link = map.link(programs.program("drop_sent"), AttachType.SK_MSG_VERDICT);
        var early = insert(map, 0, lab);

        link.update(programs.program("pass_sent"));
        var late = insert(map, 1, lab);

        early.sendFails("out", Errno.EACCES);
        passes(late);
    }

    @Test
    @DisplayName("P11, P13, C53: sockets keep what they inherited from a link that is closed")
    void linkClosed(Lab lab) throws Exception {
        var map = lab.sockMap(2);
        var drop = lab.load("map-programs").program("drop_sent");
        Stream early;
        try (var _ = map.link(drop, AttachType.SK_MSG_VERDICT)) {
            early = insert(map, 0, lab);
        }
        var late = insert(map, 1, lab);

        early.sendFails("out", Errno.EACCES);
        passes(late);
    }

    @Test
    @DisplayName("P14, P15: in a map without programs a socket sends and receives natively")
    void plainEntry(Lab lab) throws Exception {
        var plain = insert(lab.sockMap(1), 0, lab);

        plain.sends("out");
        plain.farSends("in");

        plain.farReceives("out");
        plain.receives("in");
    }

    @Test
    @DisplayName("P14: a plain entry gets programs when the socket comes into a map that has some")
    void programsAreAdded(Lab lab) throws Exception {
        var socket = insert(lab.sockMap(1), 0, lab);
        var judging = lab.sockMap(1);
        judging.attach(lab.load("map-programs").program("drop_sent"), AttachType.SK_MSG_VERDICT);

        judging.update(0, socket.socket(), UpdateFlag.ANY);

        socket.sendFails("out", Errno.EACCES);
    }

    @Test
    @DisplayName("P15: with an sk_msg program alone, a socket receives natively")
    void receivesNatively(Lab lab) throws Exception {
        var map = lab.sockMap(1);
        map.attach(lab.load("map-programs").program("drop_sent"), AttachType.SK_MSG_VERDICT);
        var receiver = insert(map, 0, lab);

        receiver.farSends("in");

        receiver.receives("in");
    }

    @Test
    @DisplayName("P15: with a verdict alone, a socket sends natively")
    void sendsNatively(Lab lab) throws Exception {
        var map = lab.sockMap(1);
        map.attach(
                lab.load("map-programs").program("drop_received"),
                AttachType.SK_SKB_STREAM_VERDICT);

        passes(insert(map, 0, lab));
    }

    @Test
    @DisplayName("P18: what a UNIX stream sends, no sk_msg program sees")
    void unixSends(Lab lab) throws Exception {
        var map = lab.sockMap(1);
        map.attach(lab.load("map-programs").program("drop_sent"), AttachType.SK_MSG_VERDICT);
        var sender = lab.unix();
        map.update(0, sender.socket(), UpdateFlag.ANY);

        passes(sender);
    }

    @Test
    @DisplayName("P18: what a UDP socket sends, no sk_msg program sees")
    void udpSends(Lab lab) throws Exception {
        var map = lab.sockMap(1);
        map.attach(lab.load("map-programs").program("drop_sent"), AttachType.SK_MSG_VERDICT);
        var sender = lab.udp();
        map.update(0, sender.socket(), UpdateFlag.ANY);

        sender.sends("out");

        sender.farReceives("out");
    }

    @Test
    @DisplayName("P19: a verdict judges what a UNIX stream receives")
    void unixReceives(Lab lab) throws Exception {
        var map = lab.sockMap(1);
        map.attach(lab.load("rewrite").program("shout"), AttachType.SK_SKB_VERDICT);
        var receiver = lab.unix();
        map.update(0, receiver.socket(), UpdateFlag.ANY);

        receiver.farSends("loud");

        receiver.receives("LOUD");
    }

    @Test
    @DisplayName("P19: a verdict judges what a UDP socket receives")
    void udpReceives(Lab lab) throws Exception {
        var map = lab.sockMap(1);
        map.attach(lab.load("rewrite").program("shout"), AttachType.SK_SKB_VERDICT);
        var receiver = lab.udp();
        map.update(0, receiver.socket(), UpdateFlag.ANY);

        receiver.farSends("loud");

        receiver.finds("LOUD");
    }

    @Test
    @DisplayName("P22: re-inserted after the last delete, a socket has the map's present program")
    void reinserted(Lab lab) throws Exception {
        var map = lab.sockMap(1);
        var programs = lab.load("map-programs");
        map.attach(programs.program("drop_sent"), AttachType.SK_MSG_VERDICT);
        var sender = insert(map, 0, lab);
        sender.sendFails("out", Errno.EACCES);

        map.attach(programs.program("pass_sent"), AttachType.SK_MSG_VERDICT);
        map.delete(0);
        map.update(0, sender.socket(), UpdateFlag.ANY);

        passes(sender);
    }

    // --- Parsers ---------------------------------------------------------------------------------

    /** How often the object's parser and verdict have run. */
    private record Runs(long parser, long verdict) {
        static Runs of(SockmapObject counting) {
            return new Runs(number(counting, 0), number(counting, 1));
        }

        private static long number(SockmapObject object, long index) {
            var value = object.map("runs").lookup(IndexKey.of(index)).orElseThrow();
            return ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getLong();
        }
    }

    /** An object whose parser says that each message has so many bytes. */
    private static SockmapObject messagesOf(int bytes, Lab lab) {
        var object = lab.load("c42-parser");
        object.map("answer").update(IndexKey.of(0), IndexKey.of(bytes), UpdateFlag.ANY);
        return object;
    }

    @Test
    @DisplayName("P16: parser and stream verdict: both run, once for each message")
    void parserAndStreamVerdict(Lab lab) throws Exception {
        var object = messagesOf(4, lab);
        var map = object.sockMap("sockets");
        map.attach(object.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
        map.attach(object.program("pass"), AttachType.SK_SKB_STREAM_VERDICT);
        var receiver = insert(map, 0, lab);

        receiver.farSends("abcdefgh");

        receiver.receives("abcdefgh");
        assertThat(Runs.of(object)).isEqualTo(new Runs(2, 2));
    }

    @Test
    @DisplayName("P16: a parser beside an skb verdict never runs")
    void parserAndSkbVerdict(Lab lab) throws Exception {
        var object = messagesOf(100, lab);
        var map = object.sockMap("sockets");
        map.attach(object.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
        map.attach(object.program("pass"), AttachType.SK_SKB_VERDICT);
        var receiver = insert(map, 0, lab);

        receiver.farSends("abcd");

        receiver.receives("abcd");
        assertThat(Runs.of(object)).isEqualTo(new Runs(0, 1));
    }

    @Test
    @DisplayName("P16: of a parser alone nothing runs")
    void parserAlone(Lab lab) throws Exception {
        var object = messagesOf(100, lab);
        var map = object.sockMap("sockets");
        map.attach(object.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
        var receiver = insert(map, 0, lab);

        receiver.farSends("abcd");

        receiver.receives("abcd");
        assertThat(Runs.of(object)).isEqualTo(new Runs(0, 0));
    }

    @Test
    @DisplayName("P17: a parser that comes behind a running verdict frames nothing")
    void parserComesLater(Lab lab) throws Exception {
        var object = messagesOf(100, lab);
        var judging = lab.sockMap(1);
        var framing = lab.sockMap(1);
        judging.attach(object.program("pass"), AttachType.SK_SKB_STREAM_VERDICT);
        framing.attach(object.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
        var receiver = insert(judging, 0, lab);
        framing.update(0, receiver.socket(), UpdateFlag.ANY);

        receiver.farSends("abcd");

        receiver.receives("abcd");
        assertThat(Runs.of(object)).isEqualTo(new Runs(0, 1));
    }
}
