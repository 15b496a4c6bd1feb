package io.jsockmap.sockmap.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.Machine;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Engines;
import io.jsockmap.sockmap.network.Network;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Advice;
import io.jsockmap.sockmap.socket.Chunk;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.Egress;
import io.jsockmap.sockmap.socket.Limits;
import io.jsockmap.sockmap.socket.SendResult;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SockListener;
import io.jsockmap.sockmap.socket.SockTable;
import io.jsockmap.sockmap.socket.SocketKind;
import io.jsockmap.sockmap.socket.SocketOption;
import io.jsockmap.sockmap.socket.SocketOptions;
import io.jsockmap.sockmap.socket.TcpState;
import io.jsockmap.sockmap.socket.Transport;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What an author of a transport does, who carries the bytes of sockets by other means. */
class TransportExamples extends NetworkTest {
    private final Addresses addresses = Network.addresses("10.0.0.1", 80, "10.0.0.2", 40_000);
    private final UserEngine engine = network.engine();

    // @start region="signals"
    /** Signals come from any thread: they wake the one that carries bytes, and return at once. */
    private static class Loop implements Transport {
        final Queue<String> woken = new ConcurrentLinkedQueue<>();

        @Override
        public void egressReady() {
            woken.add("write");
        }

        @Override
        public void receiveReady() {
            woken.add("receive");
        }

        @Override
        public void readReady() {
            woken.add("read");
        }
    }

    // @end

    // @start region="transport"
    /** Writes all there is: on the transport's own thread, after its egressReady(). */
    private static void flush(UserEngine engine, Sock socket, StringBuilder wire) {
        while (true) {
            switch (socket.takeEgress()) {
                case Egress.Bytes(Chunk chunk) -> {
                    wire.append(Bytes.text(chunk.copy()));
                    socket.written(chunk.length());
                }
                case Egress.End() -> wire.append("<FIN>");
                case Egress.Close() -> engine.closed(socket);
                case Egress.Abort() -> wire.append("<RST>");
                case Egress.Nothing() -> {
                    return;
                }
            }
        }
    }

    // @end

    @Test
    void aTransportWritesWhatASocketHasForIt() {
        var loop = new Loop();
        var wire = new StringBuilder();
        Sock socket = engine.accepted(addresses, loop);

        // @start region="send"
        List<String> sent = new ArrayList<>();
        SendResult result = (accepted, errno) -> sent.add(accepted + " bytes, errno " + errno);
        socket.send(Chunk.of(Bytes.of("hello")), result);
        socket.shutdownOutput();
        socket.close();
        assertThat(sent).containsExactly("5 bytes, errno 0");
        // @end

        assertThat(loop.woken).contains("write");
        flush(engine, socket, wire);
        assertThat(wire).hasToString("hello<FIN>");
        assertThat(engine.sockets()).isEmpty();
    }

    /** Keeps what programs want, for the connection beneath. */
    private static final class Tuned extends Loop {
        private final Map<SocketOption, Integer> options = new EnumMap<>(SocketOption.class);
        private int firstWindow;

        // @start region="wishes"
        /** A program called bpf_setsockopt: the transport passes it on. */
        @Override
        public void setOption(SocketOption option, int value) {
            options.put(option, value);
        }

        /** A sock_ops program was asked while the connection is made. */
        @Override
        public void advise(Advice advice, int value) {
            if (advice == Advice.RWND_INIT) firstWindow = value;
        }
        // @end
    }

    @Test
    void aTransportHearsWhatProgramsWantOfTheConnection() {
        var transport = new Tuned();
        var trace =
                network.load(
                        "ops-trace",
                        LoadOptions.DEFAULT
                                .withVariable("reply_op", Advice.RWND_INIT.op())
                                .withVariable("reply_value", 40)
                                .withVariable("result", 1));
        engine.attach(trace.program("trace"));
        Sock socket = engine.connected(addresses, transport);

        // @start region="options"
        SocketOptions options = socket.options();
        SocketOption mark = SocketOption.SO_MARK;
        long answer = options.set(mark.level().number(), mark.number(), Bytes.u32(77));

        assertThat(answer).isZero(); // or an errno, negative, as bpf_setsockopt has it
        assertThat(options.number(SocketOption.SO_MARK)).isEqualTo(77);
        assertThat(options.number(SocketOption.SO_RCVBUF)).isEqualTo(131_072);
        // @end

        assertThat(transport.options).containsExactly(Map.entry(SocketOption.SO_MARK, 77));
        assertThat(transport.firstWindow).isEqualTo(40);
    }

    @Test
    void aTableFindsTheSocketToWhichThePacketsOfAConnectionGo() {
        Machine machine = Engines.tested();
        var listening = new Addresses(SocketKind.TCP, new InetSocketAddress("10.0.0.1", 80), null);
        var client = new InetSocketAddress("10.0.0.9", 1);

        // @start region="table"
        SockTable table =
                new SockTable(machine, Environment.system(), Limits.DEFAULT, Delivery.WHOLE);
        Sock server = table.open(listening, TcpState.LISTEN, Transport.NONE, SockListener.NONE);
        Sock socket =
                table.open(addresses, TcpState.ESTABLISHED, Transport.NONE, SockListener.NONE);

        // As bpf_sk_lookup_tcp: first by both ends, then who listens.
        var local = new InetSocketAddress("10.0.0.1", 80);
        var remote = new InetSocketAddress("10.0.0.2", 40_000);
        assertThat(table.find(SocketKind.TCP, local, remote)).contains(socket);
        assertThat(table.find(SocketKind.TCP, local, client)).contains(server);
        // @end
    }
}
