package io.jsockmap.sockmap.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.program.SocketPrograms;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Sections of no standard name, a legacy map and no license. */
@DisplayName("C04: classic echo")
class C04ClassicEchoTest extends NetworkTest {

    @Test
    void echoesWithTypesThatTheLoaderNames() {
        var options =
                LoadOptions.DEFAULT
                        .withType("parse", SocketPrograms.SK_SKB)
                        .withType("echo", SocketPrograms.SK_SKB);
        echoes(network.load("c04-echo", options));
    }

    @Test
    void echoesWithTypesFromTheOldNamesOfSections() {
        var object = network.load("c04-echo");

        assertThat(object.attachType("parse")).contains(AttachType.SK_SKB_STREAM_PARSER);
        assertThat(object.attachType("echo")).contains(AttachType.SK_SKB_STREAM_VERDICT);
        echoes(object);
    }

    private void echoes(UserObject object) {
        var map = object.sockMap("sock_map");
        map.attach(object.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
        map.attach(object.program("echo"), AttachType.SK_SKB_STREAM_VERDICT);
        var server = network.accepted();
        map.update(0, server.socket(), UpdateFlag.ANY);
        var burst = Bytes.pattern(100_000);

        server.peer().sendsInPieces(burst, 777);

        assertThat(server.peer().received()).isEqualTo(burst);
        assertThat(server.reads()).isEmpty();
    }

    @Test
    void aMissingLicenseIsSaidAndHarmless() {
        var spec = network.load("c04-echo").spec();

        assertThat(spec.license()).isEmpty();
        assertThat(spec.notes()).anyMatch(note -> note.contains("no license"));
    }
}
