package io.jsockmap.sockmap.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Network;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.Ingress;
import io.jsockmap.sockmap.socket.Limits;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.IntStream;

/** Each HTTP request is judged by itself, however the stream is cut. */
@DisplayName("http-policy")
class HttpPolicyTest {
    private static final String GET = "GET /index.html HTTP/1.1\r\nHost: a.example\r\n\r\n";
    private static final String POST =
            "POST /form HTTP/1.1\r\nContent-Length: 11\r\n\r\nGET /admin!";
    private static final String DELETE = "DELETE /index.html HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String ADMIN = "GET /admin/users HTTP/1.1\r\nHost: a\r\n\r\n";

    /** What became of a client's stream. */
    private record Outcome(String passed, String guarded, List<Long> counts, Ingress end) {}

    /** The programs, for any number of clients. */
    private static final class Gateway implements AutoCloseable {
        private final Network network;
        private final UserObject object;

        Gateway(Delivery delivery) {
            network = new Network(Limits.DEFAULT, delivery);
            object = network.loadExample("http-policy");
            var clients = object.sockHash("clients");
            clients.attach(object.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
            clients.attach(object.program("judge"), AttachType.SK_SKB_STREAM_VERDICT);
        }

        Outcome outcome(List<String> pieces) {
            var client = network.accepted();
            var guard = network.connected();
            var route =
                    ByteBuffer.allocate(16)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(client.cookie())
                            .putInt(1);
            object.sockHash("servers").update(route.array(), guard.socket(), UpdateFlag.ANY);
            var cookie = Bytes.u64(client.cookie());
            object.sockHash("clients").update(cookie, client.socket(), UpdateFlag.ANY);
            for (int i = 0; i < 3; i++) {
                object.map("verdicts").update(Bytes.u32(i), Bytes.u64(0), UpdateFlag.ANY);
            }
            pieces.forEach(client.peer()::sends);
            client.peer().closes();
            var passed = client.reads();
            assertThat(network.faults()).isEmpty();
            return new Outcome(passed, guard.peer().received(), counts(), client.outcome());
        }

        private List<Long> counts() {
            var verdicts = object.map("verdicts");
            return IntStream.range(0, 3)
                    .mapToObj(i -> Bytes.number(verdicts.lookup(Bytes.u32(i)).orElseThrow()))
                    .toList();
        }

        @Override
        public void close() {
            network.close();
        }
    }

    private static Outcome outcome(Delivery delivery, List<String> pieces) {
        try (var gateway = new Gateway(delivery)) {
            return gateway.outcome(pieces);
        }
    }

    private static Outcome outcome(List<String> pieces) {
        return outcome(Delivery.HOSTILE, pieces);
    }

    @ParameterizedTest
    @CsvSource({
        "GET /, 0, 1, 0",
        "DELETE /, 1, 0, 0",
        "TRACE /, 1, 0, 0",
        "CONNECT a:443, 1, 0, 0",
        "GET /admin, 0, 0, 1",
        "PUT /administrator, 0, 0, 1",
        "GET /adm, 0, 1, 0",
        "DELETE /admin, 1, 0, 0",
        "M-SEARCH *, 0, 1, 0"
    })
    void aVerdictForEachRequest(String request, long dropped, long passed, long redirected) {
        var outcome = outcome(List.of(request + " HTTP/1.1\r\nHost: a\r\n\r\n"));

        assertThat(outcome.counts()).containsExactly(dropped, passed, redirected);
        assertThat(outcome.end()).isEqualTo(new Ingress.End());
    }

    private static final Outcome PIPELINED =
            new Outcome(GET + POST + GET, ADMIN, List.of(1L, 3L, 1L), new Ingress.End());

    @Test
    @DisplayName("F12: pipelined requests in one piece; a body is no request")
    void pipelined() {
        var stream = List.of(GET + ADMIN + POST + DELETE + GET);
        assertThat(outcome(Delivery.WHOLE, stream)).isEqualTo(PIPELINED);
    }

    @Test
    void cutAtEveryByte() {
        var stream = GET + ADMIN + POST + DELETE + GET;
        // What is there is shown at once: otherwise the cut would be one of many.
        try (var gateway = new Gateway(Delivery.WHOLE)) {
            for (int cut = 1; cut < stream.length(); cut++) {
                var pieces = List.of(stream.substring(0, cut), stream.substring(cut));
                assertThat(gateway.outcome(pieces)).as("cut at %d", cut).isEqualTo(PIPELINED);
            }
        }
    }

    @Test
    void byteByByte() {
        var stream = GET + ADMIN + POST + DELETE + GET;

        assertThat(outcome(stream.chars().mapToObj(c -> "" + (char) c).toList()))
                .isEqualTo(PIPELINED);
    }

    @ParameterizedTest
    @DisplayName("what two servers might read differently ends framing; what came before is read")
    @CsvSource({
        "'GET / HTTP/1.1\\nHost: a\\n\\n', 74",
        "'GET /  HTTP/1.1 \\r\\n\\r\\n', 74",
        "'GET / HTTP/1.1\\r\\nHost : a\\r\\n\\r\\n', 74",
        "'GET / HTTP/1.1\\r\\nContent-Length: 1\\r\\nContent-Length: 2\\r\\n\\r\\n', 74",
        "'GET / HTTP/1.1\\r\\nContent-Length: +1\\r\\n\\r\\n', 74",
        "'POST / HTTP/1.1\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n', 95"
    })
    void malformed(String text, int errno) {
        var request = text.replace("\\r", "\r").replace("\\n", "\n");

        var outcome = outcome(List.of(GET, request));

        assertThat(outcome.passed()).isEqualTo(GET);
        assertThat(outcome.end()).isEqualTo(new Ingress.Failed(errno));
    }

    @Test
    void aHeadThatIsTooLong() {
        var head = "GET /" + "a".repeat(9000) + " HTTP/1.1\r\n\r\n";

        var outcome = outcome(Delivery.KERNEL, List.of(head));

        assertThat(outcome.end()).isEqualTo(new Ingress.Failed(90));
    }
}
