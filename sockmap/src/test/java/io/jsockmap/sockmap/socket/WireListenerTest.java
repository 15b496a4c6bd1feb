package io.jsockmap.sockmap.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.network.Engines;
import io.jsockmap.sockmap.network.Network;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who asks for it hears each byte that comes from the network and goes to it, once. */
class WireListenerTest {
    private final List<String> heard = new ArrayList<>();

    private final class Ears implements WireListener {
        @Override
        public void opened(Sock socket) {
            heard.add("opened");
        }

        @Override
        public void received(Sock socket, Chunk bytes) {
            heard.add("received " + text(bytes));
        }

        @Override
        public void written(Sock socket, Chunk bytes) {
            heard.add("written " + text(bytes));
        }

        @Override
        public void inputEnded(Sock socket) {
            heard.add("input ended");
        }

        @Override
        public void outputEnded(Sock socket) {
            heard.add("output ended");
        }

        @Override
        public void broke(Sock socket, Errno errno) {
            heard.add("broke " + errno);
        }

        @Override
        public void closed(Sock socket, boolean reset) {
            heard.add(reset ? "closed by a reset" : "closed");
        }
    }

    private final UserEngine engine =
            UserEngine.open(
                    Engines.SETTINGS.with(
                            new SockListener() {
                                @Override
                                public Optional<WireListener> wire() {
                                    return Optional.of(new Ears());
                                }
                            }));

    private static String text(Chunk bytes) {
        return new String(bytes.copy(), StandardCharsets.US_ASCII);
    }

    private static Chunk chunk(String text) {
        return Chunk.of(text.getBytes(StandardCharsets.US_ASCII));
    }

    private Sock accepted() {
        return engine.accepted(Network.addresses("10.0.0.1", 1, "10.0.0.2", 2), Transport.NONE);
    }

    private static void send(Sock socket, String text) {
        socket.send(chunk(text), (_, _) -> {});
    }

    @Test
    void aConnectionFromItsBeginningToItsEnd() {
        var socket = accepted();
        socket.received(chunk("question"));
        send(socket, "answer");
        assertThat(socket.takeEgress()).isInstanceOf(Egress.Bytes.class);
        socket.written(6);
        socket.receivedEnd();
        socket.shutdownOutput();
        socket.close();
        assertThat(socket.takeEgress()).isInstanceOf(Egress.End.class);
        assertThat(socket.takeEgress()).isInstanceOf(Egress.Close.class);
        // What a transport says of a connection that is gone, whoever closed it.
        socket.failed(Errno.ECONNRESET);
        engine.closed(socket);
        engine.closed(socket);
        assertThat(heard)
                .containsExactly(
                        "opened",
                        "received question",
                        "written answer",
                        "input ended",
                        "output ended",
                        "closed");
    }

    @Test
    void whatIsWrittenInPartsIsToldInPartsAndWhatIsLostIsNot() {
        var socket = accepted();
        send(socket, "abcdef");
        send(socket, "ghi");
        socket.takeEgress();
        socket.takeEgress();
        socket.written(2);
        socket.written(5);
        socket.lost(2);
        assertThat(heard).containsExactly("opened", "written ab", "written cdef", "written g");
    }

    @Test
    void resetsByEitherSide() {
        var one = accepted();
        one.failed(Errno.ECONNRESET);
        one.failed(Errno.ECONNRESET);
        engine.closed(one);
        var two = accepted();
        two.abort();
        two.failed(Errno.ECONNRESET);
        engine.closed(two);
        assertThat(heard)
                .containsExactly(
                        "opened", "broke ECONNRESET", "closed", "opened", "closed by a reset");
    }

    /** Else they would pass from descriptor to descriptor, and nobody could hear them. */
    @Test
    void noBytesPassUnseen() {
        assertThat(accepted().mayStayUnseen()).isFalse();
        try (var other = UserEngine.open(Engines.SETTINGS)) {
            var addresses = Network.addresses("10.0.0.1", 1, "10.0.0.2", 2);
            assertThat(other.accepted(addresses, Transport.NONE).mayStayUnseen()).isTrue();
        }
    }

    /** A transport may leave bytes elsewhere all the same. */
    @Test
    void bytesThatAreElsewhereAreFetchedBeforeTheyAreWritten() {
        var elsewhere =
                new Chunk.Source() {
                    @Override
                    public byte[] fetch() {
                        return new byte[] {'h', 'i'};
                    }

                    @Override
                    public void drop() {}
                };
        var socket = accepted();
        socket.send(Chunk.of(elsewhere, 2), (_, _) -> {});
        socket.takeEgress();
        socket.written(2);
        assertThat(heard).containsExactly("opened", "written hi");
    }

    @Test
    void emptyDatagramsAreTold() {
        var socket =
                engine.opened(
                        new Addresses(
                                SocketKind.UDP,
                                Network.addresses("10.0.0.1", 1, "10.0.0.2", 2).local(),
                                Network.addresses("10.0.0.1", 1, "10.0.0.2", 2).remote()),
                        Transport.NONE);
        socket.received(chunk(""));
        send(socket, "");
        send(socket, "one");
        socket.takeEgress();
        socket.written(0);
        socket.takeEgress();
        socket.written(3);
        assertThat(heard).containsExactly("opened", "received ", "written ", "written one");
    }
}
