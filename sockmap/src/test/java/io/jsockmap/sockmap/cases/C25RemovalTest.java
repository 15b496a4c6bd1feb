package io.jsockmap.sockmap.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSockHash;
import io.jsockmap.sockmap.map.UserSockMap;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Ingress;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A socket leaves its map with bytes of its own, and of others, unread. */
@DisplayName("C25, C31, F2, F20, F42: unread bytes when a socket leaves its map")
class C25RemovalTest extends NetworkTest {
    private UserSockMap verdicts;
    private UserSockHash targets;
    private Connection socket;
    private Connection other;

    @BeforeEach
    void load() {
        var object = network.load("skb-edit");
        var relays = network.load("msg-verdict");
        socket = network.accepted();
        other = network.connected();
        targets = relays.sockHash("hash_targets");
        targets.update(Bytes.u32(0), socket.socket(), UpdateFlag.ANY);
        targets.attach(relays.program("judge"), AttachType.SK_MSG_VERDICT);
        targets.update(Bytes.u32(1), other.socket(), UpdateFlag.ANY);
        verdicts = object.sockMap("targets");
        verdicts.attach(object.program("edit"), AttachType.SK_SKB_STREAM_VERDICT);
        verdicts.update(0, socket.socket(), UpdateFlag.ANY);
    }

    private void leaves() {
        verdicts.delete(0);
        targets.delete(Bytes.u32(0));
        assertThat(socket.socket().isMapped()).isFalse();
    }

    @Test
    @DisplayName("C25: three passed messages, then three native ones: all six, in order")
    void passedThenNative() {
        for (var text : new String[] {"one ", "two ", "three "}) socket.peer().sends(text);
        leaves();
        for (var text : new String[] {"four ", "five ", "six"}) socket.peer().sends(text);

        assertThat(socket.reads()).isEqualTo("one two three four five six");
        assertThat(socket.outcome()).isEqualTo(new Ingress.Nothing());
    }

    @Test
    @DisplayName("C31: 100 own and 100 foreign bytes, then 100 native: 300, in order by source")
    void foreignBytes() {
        socket.peer().sends("o".repeat(100));
        other.sends("J" + "f".repeat(99)).succeeds();
        leaves();
        socket.peer().sends("n".repeat(100));
        assertThat(socket.socket().available()).isEqualTo(300);

        assertThat(socket.reads())
                .isEqualTo("o".repeat(100) + "J" + "f".repeat(99) + "n".repeat(100));
        assertThat(socket.account().receive().in()).as("own bytes only").isEqualTo(200);
    }

    @Test
    @DisplayName("C31: foreign bytes read first, as many native bytes as come are read afterwards")
    void foreignBytesReadBefore() {
        other.sends("J" + "f".repeat(9)).succeeds();
        assertThat(socket.reads()).hasSize(10);
        leaves();

        socket.peer().sends("n".repeat(20));

        assertThat(socket.reads()).isEqualTo("n".repeat(20));
    }

    @Test
    @DisplayName("F42: end of stream and error are found behind what was unread")
    void endBehindUnreadBytes() {
        socket.peer().sends("passed ");
        leaves();
        socket.peer().sends("native");
        socket.peer().closes();

        assertThat(socket.reads()).isEqualTo("passed native");
        assertThat(socket.outcome()).isEqualTo(new Ingress.End());
    }
}
