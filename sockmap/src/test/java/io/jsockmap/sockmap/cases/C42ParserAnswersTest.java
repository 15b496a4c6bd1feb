package io.jsockmap.sockmap.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.Ingress;
import io.jsockmap.sockmap.socket.Limits;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a parser that always answers the same does to a stream of twelve bytes. */
@DisplayName("C42, K5, K6, K7: the table of a parser's answers")
class C42ParserAnswersTest extends NetworkTest {
    private static final String STREAM = "abcdefghijkl";
    private static final int LIMIT = 100_000;

    C42ParserAnswersTest() {
        // Not byte by byte: that would be a run for each of many bytes.
        super(new Limits(LIMIT, LIMIT), Delivery.KERNEL);
    }

    @ParameterizedTest(name = "{0}: {4}")
    @CsvSource({
        "0, '', 12, 0, needs more bytes",
        "1, abcdefghijkl, 0, 0, messages of a byte",
        "12, abcdefghijkl, 0, 0, exactly what is there",
        "5, abcdefghij, 2, 0, the rest is awaited",
        "13, '', 12, 0, more than is there is awaited",
        "70000, '', 12, 0, more than 64 KiB too",
        "100000, '', 12, 0, as much as the receive buffer holds",
        "100001, '', 12, 90, more than it holds: EMSGSIZE",
        "-1, '', 12, 1, the error -answer",
        "-71, '', 12, 71, the error -answer",
        "-1000, '', 12, 1000, any number"
    })
    void outcome(int answer, String read, int held, int errno, String inWords) {
        var object = load(answer);
        var source = network.accepted();
        object.sockMap("sockets").update(0, source.socket(), UpdateFlag.ANY);

        source.peer().sends(STREAM);

        if (!read.isEmpty()) assertThat(source.reads(100)).isEqualTo(read);
        assertThat(source.read(1))
                .as("then")
                .isEqualTo(errno == 0 ? new Ingress.Nothing() : new Ingress.Failed(errno));
        assertThat(source.account().receive().held()).isEqualTo(held);
    }

    @Test
    @DisplayName("C42: a parser that wants more for ever is found out when the buffer is full")
    void stuck() {
        var object = load(0);
        var source = network.accepted();
        object.sockMap("sockets").update(0, source.socket(), UpdateFlag.ANY);

        source.peer().sends(Bytes.pattern(LIMIT - 1));
        assertThat(source.read(1)).isEqualTo(new Ingress.Nothing());
        source.peer().sends("!");

        assertThat(source.read(1)).isEqualTo(new Ingress.Failed(Errno.EMSGSIZE.number()));
        assertThat(network.losses()).singleElement().asString().contains("can't be framed");
    }

    @Test
    @DisplayName("C42, P16: a parser without a verdict does nothing")
    void withoutAVerdict() {
        var object = load(-1);
        var sockets = object.sockMap("sockets");
        sockets.detach(object.program("pass"), AttachType.SK_SKB_STREAM_VERDICT);
        var source = network.accepted();
        sockets.update(0, source.socket(), UpdateFlag.ANY);

        source.peer().sends(STREAM);

        assertThat(source.reads()).isEqualTo(STREAM);
        assertThat(object.map("runs").lookup(Bytes.u32(2))).contains(Bytes.u64(0));
    }

    private UserObject load(int answer) {
        var object = network.load("c42-parser");
        object.map("answer").update(Bytes.u32(0), Bytes.u32(answer), UpdateFlag.ANY);
        var sockets = object.sockMap("sockets");
        sockets.attach(object.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
        sockets.attach(object.program("pass"), AttachType.SK_SKB_STREAM_VERDICT);
        return object;
    }
}
