package io.jsockmap.sockmap.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSockMap;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.Network;
import io.jsockmap.sockmap.socket.Chunk;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.Egress;
import io.jsockmap.sockmap.socket.Ingress;
import io.jsockmap.sockmap.socket.Limits;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** Bytes that a transport leaves where they are until somebody looks at them. */
class UnseenBytesTest {
    private static final String TEXT = "abcdef";

    private final Network network = new Network(Limits.DEFAULT, Delivery.WHOLE);
    private final UserSockMap map =
            new UserSockMap(MapDefinition.of("m", MapType.SOCKMAP, 4, 8, 4));
    private final List<String> asked = new ArrayList<>();
    private final Connection connection = network.connected();

    private final class Recorded implements Chunk.Source {
        @Override
        public byte[] fetch() {
            asked.add("fetch");
            return Bytes.of(TEXT);
        }

        @Override
        public void drop() {
            asked.add("drop");
        }
    }

    private void judge(UserObject object, String program) {
        map.attach(object.program(program), AttachType.SK_SKB_STREAM_VERDICT);
        map.update(0, connection.socket(), UpdateFlag.ANY);
    }

    private void arrive() {
        connection.socket().received(Chunk.of(new Recorded(), TEXT.length()));
    }

    @Test
    void whoGivesThemOnDoesNotLook() {
        assertThat(connection.socket().mayStayUnseen()).isTrue();
        arrive();
        var taken = (Ingress.Bytes) connection.socket().take();
        var target = network.connected();
        target.socket().send(taken.chunk(), (accepted, errno) -> asked.add(accepted + " " + errno));
        var given = (Egress.Bytes) target.socket().takeEgress();
        assertThat(given.chunk().source()).isInstanceOf(Recorded.class);
        assertThat(asked).containsExactly("6 0");
    }

    @Test
    void whatAClosedSocketIsGivenIsThrownAway() {
        arrive();
        var taken = (Ingress.Bytes) connection.socket().take();
        var target = network.connected();
        target.closes();
        target.socket().send(taken.chunk(), (accepted, errno) -> asked.add(accepted + " " + errno));
        assertThat(asked).containsExactly("drop", "0 " + Errno.EBADF.number());
    }

    private void fill(Connection target) {
        target.socket().send(Chunk.of(new byte[Limits.DEFAULT.sendBytes()]), (_, _) -> {});
    }

    @Test
    void whatWaitsForRoomToBeSentStaysWhereItIs() {
        var target = network.connected();
        fill(target);
        target.socket()
                .send(
                        Chunk.of(new Recorded(), TEXT.length()),
                        (accepted, errno) -> asked.add(accepted + " " + errno));
        assertThat(asked).as("no room yet").isEmpty();
        var first = (Egress.Bytes) target.socket().takeEgress();
        target.socket().written(first.chunk().length());
        var given = (Egress.Bytes) target.socket().takeEgress();
        assertThat(given.chunk().source()).isInstanceOf(Recorded.class);
        assertThat(asked).containsExactly("6 0");
        assertThat(target.account().balances()).isTrue();
    }

    @Test
    void whatWaitsForRoomThatNeverComesIsThrownAway() {
        var target = network.connected();
        fill(target);
        target.socket()
                .send(
                        Chunk.of(new Recorded(), TEXT.length()),
                        (accepted, errno) -> asked.add(accepted + " " + errno));
        target.aborts();
        assertThat(asked).containsExactly("drop", "0 " + Errno.ECONNRESET.number());
    }

    @Test
    void aProgramThatCameMeanwhileFetchesWhatWaited() {
        var target = network.connected();
        fill(target);
        target.socket()
                .send(
                        Chunk.of(new Recorded(), TEXT.length()),
                        (accepted, errno) -> asked.add(accepted + " " + errno));
        var object = network.load("msg-verdict");
        var sending = new UserSockMap(MapDefinition.of("s", MapType.SOCKMAP, 4, 8, 4));
        sending.attach(object.program("judge"), AttachType.SK_MSG_VERDICT);
        sending.update(0, target.socket(), UpdateFlag.ANY);
        var first = (Egress.Bytes) target.socket().takeEgress();
        target.socket().written(first.chunk().length());
        assertThat(asked).containsExactly("fetch", "0 " + Errno.EACCES.number());
        assertThat(target.account().balances()).isTrue();
    }

    @Test
    void whereMessagesAreFramedTheParserLooks() {
        var object = network.load("frames");
        var frames = object.sockMap("targets");
        frames.attach(object.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
        frames.attach(object.program("judge"), AttachType.SK_SKB_STREAM_VERDICT);
        frames.update(0, connection.socket(), UpdateFlag.ANY);
        assertThat(connection.socket().mayStayUnseen()).isFalse();
    }

    @Test
    void aDropThrowsThemAwayWhereTheyAre() {
        judge(network.load("map-programs"), "drop_received");
        arrive();
        assertThat(asked).containsExactly("drop");
        assertThat(connection.account().receive().dropped()).isEqualTo(TEXT.length());
    }

    @Test
    void whoReadsWhatWasPassedFetchesThem() {
        judge(network.load("map-programs"), "pass_received");
        arrive();
        assertThat(asked).isEmpty();
        var read = (Ingress.Bytes) connection.socket().read(100);
        assertThat(asked).containsExactly("fetch");
        assertThat(Bytes.text(read.chunk().copy())).isEqualTo(TEXT);
        assertThat(asked).as("once").containsExactly("fetch");
    }

    @Test
    void aProgramThatLooksFetchesThem() {
        judge(network.load("rewrite"), "shout");
        arrive();
        assertThat(asked).containsExactly("fetch");
        assertThat(connection.reads()).isEqualTo("ABCDEF");
    }

    @Test
    void whatIsRedirectedComesToTheOtherTransportAsItIs() {
        var target = redirecting();
        arrive();
        var given = (Egress.Bytes) target.socket().takeEgress();
        assertThat(asked).isEmpty();
        assertThat(given.chunk().source()).isInstanceOf(Recorded.class);
        assertThat(Bytes.text(given.chunk().copy())).isEqualTo(TEXT);
        assertThat(given.chunk().source()).as("now that they are here").isNull();
    }

    @Test
    void whatWaitsForATargetThatIsResetIsThrownAway() {
        var target = redirecting();
        arrive();
        target.aborts();
        assertThat(asked).containsExactly("drop");
        assertThat(target.account().egress().discarded()).isEqualTo(TEXT.length());
    }

    /** Redirects what is received; to where. */
    private Connection redirecting() {
        var target = network.connected();
        var object = network.load("pair");
        var targets = object.sockHash("targets");
        targets.attach(object.program("relay"), AttachType.SK_SKB_STREAM_VERDICT);
        targets.update(Bytes.u64(connection.cookie()), target.socket(), UpdateFlag.ANY);
        targets.update(Bytes.u64(target.cookie()), connection.socket(), UpdateFlag.ANY);
        return target;
    }
}
