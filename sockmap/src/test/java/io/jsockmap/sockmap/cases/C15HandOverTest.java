package io.jsockmap.sockmap.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSockHash;
import io.jsockmap.sockmap.map.UserSockMap;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.NetworkTest;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.Random;

/** C15: an application reads the beginning itself, and then leaves the rest to the program. */
class C15HandOverTest extends NetworkTest {
    private static final int RUNS = 300;

    private UserSockHash targets;
    private UserSockMap judged;

    @BeforeEach
    void load() {
        var object = network.load("pair");
        targets = object.sockHash("targets");
        var frames = network.load("frames");
        judged = frames.sockMap("targets");
        judged.attach(object.program("relay"), AttachType.SK_SKB_STREAM_VERDICT);
    }

    @Test
    @DisplayName("C15: the stream arrives whole and in order, wherever the hand-over falls")
    void handOver() {
        var random = new Random(15);
        for (int run = 0; run < RUNS; run++) {
            var client = network.accepted();
            var server = network.connected();
            judged.update(0, client.socket(), UpdateFlag.ANY);
            var stream = Bytes.pattern(40 + random.nextInt(60));
            int first = 1 + random.nextInt(stream.length() - 1);

            client.peer().sends(stream.substring(0, first));
            // Nothing is redirected yet, so all of it can be read, and sent on by the application.
            server.sends(client.reads()).succeeds();
            targets.update(Bytes.u64(client.cookie()), server.socket(), UpdateFlag.ANY);
            client.peer().sendsInPieces(stream.substring(first), 1 + random.nextInt(20));

            assertThat(server.peer().received()).as("hand-over at %d", first).isEqualTo(stream);
            assertThat(client.account().receive().passed()).isEqualTo(first);
            assertThat(client.account().receive().redirected()).isEqualTo(stream.length() - first);
            client.closes();
            server.closes();
        }
    }

    @Test
    @DisplayName("C15: what a target took, and what it could not take, is counted")
    void counted() {
        var client = network.accepted();
        var server = network.connected();
        judged.update(0, client.socket(), UpdateFlag.ANY);
        targets.update(Bytes.u64(client.cookie()), server.socket(), UpdateFlag.ANY);

        client.peer().sends("taken");
        server.peer().resets();
        client.peer().sends("lost");

        assertThat(server.account().egress().entered()).isEqualTo(5);
        assertThat(client.account().receive().dropped()).isEqualTo(4);
        assertThat(network.losses()).isNotEmpty();
    }
}
