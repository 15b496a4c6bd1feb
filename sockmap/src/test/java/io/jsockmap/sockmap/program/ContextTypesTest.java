package io.jsockmap.sockmap.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.program.ContextLayout;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.stream.Stream;

/** Programs that bring their own idea of a context read what the engine shows. */
class ContextTypesTest extends NetworkTest {
    private final UserObject object = network.load("core-context");

    static Stream<ContextLayout<?>> tables() {
        return Stream.of(
                SocketPrograms.SK_MSG.context(),
                SocketPrograms.SK_SKB.context(),
                SocketPrograms.SOCK_OPS.context(),
                SocketHelpers.TCP_FIELDS);
    }

    @ParameterizedTest
    @MethodSource("tables")
    void aTableOfFieldsAgreesWithTheTypeOfItsName(ContextLayout<?> table) {
        TypeAgreement.assertAgrees(table);
    }

    private Connection with(String program) {
        var sockets = object.sockMap("sockets");
        sockets.attach(object.program(program), object.attachType(program).orElseThrow());
        var connection = network.connected();
        sockets.update(0, connection.socket(), UpdateFlag.ANY);
        return connection;
    }

    private long seen(String variable) {
        return object.variable(variable).value();
    }

    @Test
    void aMessageIsReadWhateverOrderAProgramThinksItsFieldsHave() {
        var connection = with("message");

        connection.sends("hello").succeeds();

        assertThat(network.faults()).isEmpty();
        assertThat(seen("size")).isEqualTo(5);
        assertThat(seen("port")).isEqualTo(connection.addresses().localPort());
        assertThat(seen("first")).isEqualTo('h');
        assertThat(seen("family")).isEqualTo(2);
        assertThat(seen("state")).isEqualTo(1);
    }

    @Test
    void aBufferIsReadWhateverOrderAProgramThinksItsFieldsHave() {
        var connection = with("buffer");

        connection.peer().sends("x");

        assertThat(network.faults()).isEmpty();
        assertThat(connection.reads()).isEqualTo("x");
        assertThat(seen("size")).isEqualTo(1);
        assertThat(seen("port")).isEqualTo(connection.addresses().localPort());
    }

    @Test
    void aCallbackIsReadAndAnsweredWhateverOrderAProgramThinksItsFieldsHave() {
        network.engine().attach(object.program("callback"));

        var connection = network.connected();

        assertThat(network.faults()).isEmpty();
        assertThat(seen("port")).isEqualTo(connection.addresses().localPort());
        assertThat(seen("size")).isEqualTo(4);
    }

    @Test
    void whatAContextHasNotDoesNotExist() {
        with("message").sends("x").succeeds();

        assertThat(seen("exists")).isEqualTo(1 + 4 + 8);
    }
}
