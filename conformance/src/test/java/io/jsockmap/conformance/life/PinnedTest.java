package io.jsockmap.conformance.life;

import static io.jsockmap.conformance.lab.Stream.assertFails;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.conformance.lab.EngineTest;
import io.jsockmap.conformance.lab.Lab;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

/** Maps that objects share by name ({@code LIBBPF_PIN_BY_NAME}); the kernel's are in a bpffs. */
@EngineTest
class PinnedTest {
    private static final byte[] ENDPOINT = bytes("endpoint");
    private static final byte[] OTHER = bytes("others..");
    private static final byte[] TUPLE = bytes("endpointothers..");

    @Test
    @DisplayName("what one object writes into a pinned map, the other reads")
    void shared(Lab lab) {
        var ops = lab.load("c13-bypass-ops");
        var msg = lab.load("c13-bypass-msg");

        ops.map("connecting").update(ENDPOINT, OTHER, UpdateFlag.ANY);

        assertThat(msg.map("connecting").lookup(ENDPOINT)).hasValue(OTHER);
        assertThat(msg.map("connecting").id()).isEqualTo(ops.map("connecting").id());
    }

    @Test
    @DisplayName("a socket in a pinned map is there for both")
    void sockets(Lab lab) throws Exception {
        var ops = lab.load("c13-bypass-ops");
        var msg = lab.load("c13-bypass-msg");
        var connection = lab.tcp();

        ops.sockHash("sockets").update(TUPLE, connection.socket(), UpdateFlag.ANY);

        assertFails(
                () ->
                        msg.sockHash("sockets")
                                .update(TUPLE, connection.socket(), UpdateFlag.NOEXIST),
                Errno.EEXIST);
        connection.near().close();
        assertThat(msg.sockHash("sockets").keys()).isEmpty();
    }

    @Test
    @DisplayName("a pinned map outlives the objects that use it")
    void outlives(Lab lab) {
        var first = lab.load("c13-bypass-ops");
        first.map("connecting").update(OTHER, ENDPOINT, UpdateFlag.ANY);
        first.close();

        var second = lab.load("c13-bypass-msg");

        assertThat(second.map("connecting").lookup(OTHER)).hasValue(ENDPOINT);
    }

    @Test
    @DisplayName("a program that needs a map, of which another is pinned, is not loaded: EINVAL")
    void differs(Lab lab) {
        lab.load("c13-bypass-ops");
        var larger = LoadOptions.DEFAULT.withMaxEntries("pairs", 3);

        assertFails(() -> lab.load("c13-bypass-msg", larger), Errno.EINVAL);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
