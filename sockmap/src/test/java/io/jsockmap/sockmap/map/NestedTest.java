package io.jsockmap.sockmap.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.Limits;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Maps of sockets that programs find in maps of maps. */
class NestedTest extends NetworkTest {
    NestedTest() {
        // The first byte of a piece decides, so pieces come as they are sent.
        super(Limits.DEFAULT, Delivery.KERNEL);
    }

    @Test
    @DisplayName("M8: a SOCKMAP in an array of maps and a SOCKHASH in a hash of maps redirect")
    void bothKinds() {
        var object = network.load("map-nested");
        var source = network.accepted();
        var byIndex = network.accepted();
        var byKey = network.accepted();
        object.sockMap("by_index").update(0, byIndex.socket(), UpdateFlag.ANY);
        object.sockHash("by_key").update(Bytes.u32(0), byKey.socket(), UpdateFlag.ANY);
        var judged = object.sockMap("by_index");
        judged.attach(object.program("route"), AttachType.SK_SKB_STREAM_VERDICT);
        judged.update(1, source.socket(), UpdateFlag.ANY);

        source.peer().sends("Array");
        source.peer().sends("Hash");

        assertThat(byIndex.peer().received()).isEqualTo("Array");
        assertThat(byKey.peer().received()).isEqualTo("Hash");
    }
}
