package io.jsockmap.sockmap.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.MapException;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.key.KeyNotation;
import io.jsockmap.sockmap.key.NamedSockets;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.Entry;
import io.jsockmap.sockmap.map.ProgramLink;
import io.jsockmap.sockmap.map.Section;
import io.jsockmap.sockmap.map.SockHash;
import io.jsockmap.sockmap.map.SocketMap;
import io.jsockmap.sockmap.map.Succession;
import io.jsockmap.sockmap.map.UserLink;
import io.jsockmap.sockmap.map.UserSockMap;
import io.jsockmap.sockmap.map.UserSocketMap;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.FullTarget;
import io.jsockmap.sockmap.socket.Inherited;
import io.jsockmap.sockmap.socket.Limits;
import io.jsockmap.sockmap.socket.PsockLink;
import io.jsockmap.sockmap.socket.SockmapSocket;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How sockets come into maps, and what a map tells of them. */
class MapExamples extends NetworkTest {

    MapExamples() {
        super(new Limits(4096, 4096));
    }

    // @start region="join"
    /** Each socket lies under the cookie of the other, as examples/splice wants it. */
    private static void join(SockHash peers, SockmapSocket client, SockmapSocket upstream) {
        peers.update(Bytes.u64(client.cookie()), upstream, UpdateFlag.NOEXIST);
        peers.update(Bytes.u64(upstream.cookie()), client, UpdateFlag.NOEXIST);
    }

    /** The cookies of the sockets in a map, of whatever kind and engine. */
    private static List<Long> cookies(SocketMap map) {
        var values = map.keys().stream().flatMap(key -> map.lookup(key).stream());
        return values.map(Bytes::number).toList();
    }

    // @end

    @Test
    void aPairOfSocketsIsJoinedByTheCookiesOfBoth() {
        var peers = network.loadExample("splice").sockHash("peers");
        var client = network.accepted();
        var upstream = network.connected();

        join(peers, client.socket(), upstream.socket());

        assertThat(cookies(peers)).containsExactlyInAnyOrder(client.cookie(), upstream.cookie());
    }

    @Test
    void aKeyInWordsIsComputedForAConnection() {
        var object = network.loadExample("splice");
        var client = network.accepted().socket();
        var upstream = network.connected().socket();

        // @start region="key"
        // What --insert 'peers[client.cookie]=upstream' means.
        KeyNotation notation = KeyNotation.parse("client.cookie");
        NamedSockets connection =
                new NamedSockets(0, Map.of("client", client, "upstream", upstream), "upstream");
        byte[] key = notation.key(object.map("peers"), object.spec().btf(), connection);

        object.sockHash("peers").update(key, upstream, UpdateFlag.ANY);
        assertThat(key).isEqualTo(Bytes.u64(client.cookie()));
        // @end
    }

    // @start region="entries"
    /** Sockets that nobody judges, as they came before a program was attached. */
    private static List<String> unjudged(UserSocketMap map) {
        List<String> places = new ArrayList<>();
        for (Entry entry : map.entries()) {
            Inherited programs = entry.inherited();
            if (programs.isEmpty()) places.add(describe(entry));
        }
        return places;
    }

    private static String describe(PsockLink link) {
        var by = link.isByProgram() ? "a program" : "the application";
        return "%s, inserted by %s: %s".formatted(link.place(), by, link.inherited().describe());
    }

    // @end

    @Test
    void anEntryTellsWhatItsSocketInherited() {
        var object = network.load("msg-policy");

        // @start region="slots"
        UserSockMap sockets = object.sockMap("sockets");
        sockets.update(0, network.connected().socket(), UpdateFlag.ANY);
        sockets.attach(object.program("filter"), AttachType.SK_MSG_VERDICT);
        sockets.update(1, network.connected().socket(), UpdateFlag.ANY);

        assertThat(sockets.size()).isEqualTo(2);
        assertThat(sockets.withoutProgram()).isEqualTo(1);
        // @end

        assertThat(unjudged(sockets))
                .containsExactly(
                        "map sockets, key 00000000, inserted by the application: no program");
    }

    @Test
    void aLinkKeepsOthersFromASlot() {
        var object = network.load("map-programs");
        var sockets = network.load("msg-policy").sockMap("sockets");
        Program pass = object.program("pass_sent");
        Program drop = object.program("drop_sent");

        // @start region="link"
        try (UserLink link = sockets.link(pass, AttachType.SK_MSG_VERDICT)) {
            link.update(drop); // no moment without a program
            assertThat(sockets.attached(AttachType.SK_MSG_VERDICT)).contains(drop);
            assertThat(link.program()).isEqualTo(drop);
        }
        assertThat(sockets.attached(AttachType.SK_MSG_VERDICT)).isEmpty();
        // @end
    }

    // @start region="deploy"
    /** Whether the new program is in force: not if somebody else was faster. */
    private static boolean deploy(ProgramLink link, Program expected, Program successor) {
        try {
            link.update(successor, expected);
            return true;
        } catch (MapException e) {
            if (e.errno() != Errno.EPERM) throw e;
            return false;
        }
    }

    // @end

    @Test
    void aLinksProgramIsReplacedByOneOfTwoWhoTry() {
        var object = network.load("map-programs");
        var sockets = network.load("msg-policy").sockMap("sockets");
        Program pass = object.program("pass_sent");
        Program drop = object.program("drop_sent");

        try (var link = sockets.link(pass, AttachType.SK_MSG_VERDICT)) {
            assertThat(deploy(link, pass, drop)).isTrue();
            assertThat(deploy(link, pass, drop)).isFalse();
        }
    }

    @Test
    void aSectionsNameSaysWhereItsProgramsGo() {
        // @start region="section"
        Section section = Section.of("sk/skb/parser/sockmap").orElseThrow();
        assertThat(section.programType()).isEqualTo("sk_skb");
        assertThat(section.attachType()).contains(AttachType.SK_SKB_STREAM_PARSER);
        assertThat(section.map()).contains("maps/sockmap");

        // bpftool's names: the newer one is printed, older ones are understood.
        assertThat(AttachType.of("stream_parser")).contains(AttachType.SK_SKB_STREAM_PARSER);
        assertThat(AttachType.SK_SKB_STREAM_PARSER).hasToString("sk_skb_stream_parser");
        // @end
    }

    @Test
    void socketsMoveToAnotherObjectsMapUnderTraffic() {
        var old = version('1');
        var next = version('2');
        var client = network.accepted();
        var server = network.connected();
        join(old.sockHash("peers"), client.socket(), server.socket());

        // @start region="succession"
        client.peer().sends("\4one");
        var heirs =
                Map.<UserSocketMap, UserSocketMap>of(old.sockHash("peers"), next.sockHash("peers"));
        new Succession(heirs, Set.of(), Map.of()).run();
        client.peer().sends("\4two");

        // Each frame has the version that judged it in its second and last byte.
        assertThat(server.peer().received()).isEqualTo("\0041n1\0042w2");
        // @end
    }

    private UserObject version(char version) {
        var object =
                network.load("versioned", LoadOptions.DEFAULT.withVariable("version", version));
        var peers = object.sockHash("peers");
        peers.attach(object.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
        peers.attach(object.program("verdict"), AttachType.SK_SKB_STREAM_VERDICT);
        return object;
    }

    @Test
    void aMapSaysWhatBecomesOfBytesForATargetWithoutRoom() {
        var object = network.loadExample("splice");
        var peers = object.sockHash("peers");
        peers.attach(object.program("splice"), AttachType.SK_SKB_STREAM_VERDICT);
        var client = network.accepted();
        var slowReader = network.connected();
        join(peers, client.socket(), slowReader.socket());
        var fortyKilobytes = Bytes.pattern(40_000); // ten times as much as there is room for

        // @start region="full"
        // With FullTarget.BLOCK, as it is unless somebody says so, the client would be stopped.
        peers.setWhenFull(FullTarget.DROP);
        client.peer().sends(fortyKilobytes);

        assertThat(client.peer().stuck()).isZero();
        assertThat(client.account().receive().dropped()).isPositive();
        peers.setWhenFull(new FullTarget.Queue(1 << 20)); // as much as that waits from now on
        // @end

        client.peer().sends(fortyKilobytes);
        assertThat(slowReader.peer().received()).endsWith(fortyKilobytes);
    }
}
