package io.jsockmap.sockmap.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.NetworkTest;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The names of sections say which map the programs belong to. */
@DisplayName("C05: gobpf's sections")
class C05GobpfTest extends NetworkTest {

    @Test
    void programsGoWhereTheirSectionsSayAndEcho() {
        var object = network.load("c05-gobpf");
        for (var name : object.programs().keySet()) {
            var map = object.attachMap(name).orElseThrow();
            map.attach(object.program(name), object.attachType(name).orElseThrow());
        }
        var sockets = object.sockMap("sock_map");
        var server = network.accepted();
        sockets.update(0, server.socket(), UpdateFlag.NOEXIST);

        server.peer().sends("echo");

        assertThat(server.peer().received()).isEqualTo("echo");
        assertThat(sockets.attached(AttachType.SK_SKB_STREAM_PARSER))
                .contains(object.program("parse"));
        assertThat(sockets.attached(AttachType.SK_SKB_STREAM_VERDICT))
                .contains(object.program("echo"));
    }

    @Test
    void theMapIsCalledAsInC() {
        var object = network.load("c05-gobpf");

        assertThat(object.attachMap("parse")).contains(object.socketMap("sock_map"));
        assertThat(object.attachMap("echo")).contains(object.socketMap("sock_map"));
    }
}
