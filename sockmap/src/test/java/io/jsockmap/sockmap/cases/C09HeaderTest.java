package io.jsockmap.sockmap.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.ProgArrayMap;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.Limits;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A header is put into the middle of a request by a program that another one calls. */
@ParameterizedClass
@EnumSource(Delivery.class)
@DisplayName("C09: a header within a request")
class C09HeaderTest extends NetworkTest {
    private static final String LINE = "GET / HTTP/1\r\n";
    private static final String REST = "Host: example\r\n\r\n";
    private static final String HEADER = "X-Trace: 42\r\n";

    private UserObject object;
    private Connection source;

    C09HeaderTest(Delivery delivery) {
        super(Limits.DEFAULT, delivery);
    }

    @BeforeEach
    void load() {
        object = network.load("msg-header");
        object.sockMap("sockets").attach(object.program("find"), AttachType.SK_MSG_VERDICT);
        source = network.connected();
        object.sockMap("sockets").update(0, source.socket(), UpdateFlag.ANY);
    }

    @SuppressWarnings("unchecked")
    private void withWriter() {
        ((ProgArrayMap<Program>) object.map("writers")).set(0, object.program("write"));
    }

    private void sends(String... texts) {
        for (var text : texts) assertThat(source.sends(text).accepted()).isEqualTo(text.length());
    }

    private void arrivesWithHeader() {
        source.shutsOutput();
        assertThat(source.peer().received()).isEqualTo(LINE + HEADER + REST + "body");
        assertThat(network.faults()).isEmpty();
    }

    @Test
    @DisplayName("C09, S40: a request in one write")
    void oneWrite() {
        withWriter();

        sends(LINE + REST, "body");

        arrivesWithHeader();
    }

    @ParameterizedTest
    @DisplayName("C09, S18: a request in three writes, the line cut anywhere")
    @ValueSource(ints = {1, 5, 12, 13, 14, 15, 20})
    void threeWrites(int cut) {
        withWriter();
        var request = LINE + REST;

        sends(request.substring(0, cut), request.substring(cut, 25), request.substring(25), "body");

        arrivesWithHeader();
    }

    @Test
    @DisplayName("C09: the line ends with the message")
    void theLineEndsTheMessage() {
        withWriter();

        sends(LINE, REST, "body");

        arrivesWithHeader();
    }

    @Test
    @DisplayName("C09, S20: a byte at a time")
    void byteByByte() {
        withWriter();

        sends((LINE + REST).split(""));
        sends("body");

        arrivesWithHeader();
    }

    @Test
    @DisplayName("C09: a tail call that finds no program falls through")
    void withoutWriter() {
        sends(LINE + REST);

        assertThat(source.peer().received()).isEqualTo(LINE + REST);
    }
}
