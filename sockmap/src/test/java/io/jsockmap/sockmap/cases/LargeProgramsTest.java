package io.jsockmap.sockmap.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.verifier.Options;
import io.jsockmap.bpf.verifier.Verifier;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.examples.ClientHello;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;

/**
 * Programs of thousands of instructions do their work, and what verifying them takes is bounded.
 */
@DisplayName("large programs")
class LargeProgramsTest {

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    @DisplayName("C09: a header injector")
    class Injector extends NetworkTest {
        private static final String LINE = "POST /a/b?c=d HTTP/1.1\r\n";
        private static final String REST = "Host: example\r\nContent-Length: 4\r\n\r\nbody";
        private static final String HEADER = "traceparent: 00-[0-9a-f]{32}-[0-9a-f]{16}-01\r\n";

        private final UserObject object = network.load("large-injector");
        private Connection source;

        Injector() {
            object.sockMap("sockets").attach(object.program("find"), AttachType.SK_MSG_VERDICT);
        }

        @BeforeEach
        void connect() {
            source = network.connected();
            object.sockMap("sockets").update(0, source.socket(), UpdateFlag.ANY);
        }

        private String arrives(String... texts) {
            for (var text : texts) {
                assertThat(source.sends(text).accepted()).isEqualTo(text.length());
            }
            source.shutsOutput();
            assertThat(network.faults()).isEmpty();
            return source.peer().received();
        }

        @Test
        void aRequestGetsAHeaderBehindItsFirstLine() {
            var arrived = arrives(LINE + REST, "more");

            assertThat(arrived).startsWith(LINE).endsWith(REST + "more");
            assertThat(arrived.substring(LINE.length(), arrived.length() - REST.length() - 4))
                    .matches(HEADER);
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 4, 20, 23, 24})
        void aLineThatComesInPiecesIsWaitedFor(int cut) {
            var arrived = arrives(LINE.substring(0, cut), LINE.substring(cut) + REST);

            assertThat(arrived).startsWith(LINE + "traceparent: 00-").endsWith(REST);
        }

        @Test
        void aRequestThatHasOneKeepsIt() {
            var request = LINE + "traceparent: 00-0-0-00\r\n" + REST;

            assertThat(arrives(request)).isEqualTo(request);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "FETCH / HTTP/1.1\r\n\r\n",
                    "GET HTTP/1.1\r\n\r\n",
                    "GET / HTTQ/1.1\r\n\r\n",
                    "GET / HTTP/1.x\r\n\r\n",
                    "\r\n"
                })
        void whatIsNoRequestPassesAsItIs(String text) {
            assertThat(arrives(text)).isEqualTo(text);
        }

        @Test
        void aLineThatIsTooLongPassesAsItIs() {
            var text = "GET /" + "x".repeat(300) + " HTTP/1.1\r\n\r\n";

            assertThat(arrives(text)).isEqualTo(text);
        }

        @Test
        void itIsVerifiedInABoundedNumberOfSteps() {
            isVerified(object, "find", 2_000, 60_000);
            isVerified(object, "write", 100, 400);
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    @DisplayName("a parser of three protocols")
    class Protocols extends NetworkTest {
        private static final String NAME = "api.example.org";

        private final UserObject object = network.load("large-protocols");
        private Connection client;
        private Connection server;

        Protocols() {
            var sockets = object.sockMap("sockets");
            sockets.attach(object.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
            sockets.attach(object.program("route"), AttachType.SK_SKB_STREAM_VERDICT);
            object.map("names")
                    .update(Arrays.copyOf(Bytes.of(NAME), 64), Bytes.u32(5), UpdateFlag.ANY);
        }

        @BeforeEach
        void connect() {
            client = network.accepted();
            server = network.connected();
            object.sockMap("sockets").update(0, client.socket(), UpdateFlag.ANY);
            object.sockMap("sockets").update(5, server.socket(), UpdateFlag.ANY);
        }

        private static String frame(String name) {
            int length = 3 + name.length() + 1 + 4;
            return "\u00f0" + (char) (length >> 8) + (char) (length & 0xff) + name + "\0data";
        }

        private static String request(String host) {
            return "POST / HTTP/1.1\r\nAccept: *\r\nHOST: %s\r\nContent-Length: 4\r\n\r\nbody"
                    .formatted(host);
        }

        private void arrivesAtTheServer(String text) {
            assertThat(network.faults()).isEmpty();
            assertThat(server.peer().received()).isEqualTo(text);
            assertThat(client.reads()).isEmpty();
        }

        private void staysWithTheProxy(String text) {
            assertThat(client.reads()).isEqualTo(text);
            assertThat(server.peer().received()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {NAME, "API.Example.ORG"})
        void byTheServerNameOfAClientHello(String name) {
            client.peer().sends(ClientHello.to(name));

            arrivesAtTheServer(ClientHello.to(name));
        }

        @ParameterizedTest
        @ValueSource(strings = {NAME, "API.Example.ORG:8080"})
        void byTheHostOfARequest(String host) {
            client.peer().sends(request(host));

            arrivesAtTheServer(request(host));
        }

        @Test
        void byTheNameOfAFrame() {
            client.peer().sends(frame(NAME));

            arrivesAtTheServer(frame(NAME));
        }

        @Test
        void oneAfterTheOtherCutAnywhere() {
            var stream = frame(NAME) + request(NAME) + ClientHello.to(NAME) + frame(NAME);
            for (int i = 0; i < stream.length(); i += 7) {
                client.peer().sends(stream.substring(i, Math.min(stream.length(), i + 7)));
            }

            arrivesAtTheServer(stream);
        }

        @ParameterizedTest
        @CsvSource({"other.example", "api.example.or", "api_example.org"})
        void anotherNameStaysWithTheProxy(String name) {
            client.peer().sends(frame(name) + request(name) + ClientHello.to(name));

            staysWithTheProxy(frame(name) + request(name) + ClientHello.to(name));
        }

        @Test
        void anotherProtocolStaysWithTheProxy() {
            client.peer().sends("{}");

            staysWithTheProxy("{}");
        }

        @Test
        void itIsVerifiedInABoundedNumberOfSteps() {
            isVerified(object, "route", 3_000, 80_000);
            isVerified(object, "parse", 300, 80_000);
        }
    }

    private static void isVerified(UserObject object, String name, int size, int steps) {
        var program = object.program(name);
        var answer = Verifier.verify(program, Options.DEFAULT);

        assertThat(program.code().size()).isGreaterThan(size);
        assertThat(answer.refusal()).isEmpty();
        assertThat(answer.statistics().instructions()).isLessThan(steps);
    }
}
