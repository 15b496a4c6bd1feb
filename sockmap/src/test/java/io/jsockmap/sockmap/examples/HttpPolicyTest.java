package io.jsockmap.sockmap.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Network;
import io.jsockmap.sockmap.socket.Ingress;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

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

    private static Outcome outcome(List<String> pieces) {
        try (var network = new Network()) {
            var object = network.loadExample("http-policy");
            var clients = object.sockHash("clients");
            clients.attach(object.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
            clients.attach(object.program("judge"), AttachType.SK_SKB_STREAM_VERDICT);
            var client = network.accepted();
            var guard = network.connected();
            var route =
                    ByteBuffer.allocate(16)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(client.cookie())
                            .putInt(1);
            object.sockHash("servers").update(route.array(), guard.socket(), UpdateFlag.ANY);
            clients.update(Bytes.u64(client.cookie()), client.socket(), UpdateFlag.ANY);
            pieces.forEach(client.peer()::sends);
            client.peer().closes();
            var passed = client.reads();
            var verdicts = object.map("verdicts");
            var counts =
                    List.of(0, 1, 2).stream()
                            .map(i -> Bytes.number(verdicts.lookup(Bytes.u32(i)).orElseThrow()))
                            .toList();
            assertThat(network.faults()).isEmpty();
            return new Outcome(passed, guard.peer().received(), counts, client.outcome());
        }
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
        assertThat(outcome(List.of(GET + ADMIN + POST + DELETE + GET))).isEqualTo(PIPELINED);
    }

    @Test
    void cutAtEveryByte() {
        var stream = GET + ADMIN + POST + DELETE + GET;
        for (int cut = 1; cut < stream.length(); cut++) {
            assertThat(outcome(List.of(stream.substring(0, cut), stream.substring(cut))))
                    .as("cut at %d", cut)
                    .isEqualTo(PIPELINED);
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
        var outcome = outcome(List.of("GET /" + "a".repeat(9000) + " HTTP/1.1\r\n\r\n"));

        assertThat(outcome.end()).isEqualTo(new Ingress.Failed(90));
    }
}
