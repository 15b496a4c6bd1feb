package io.jsockmap.sockmap.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.btf.SourceLine;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Engines;
import io.jsockmap.sockmap.network.InMemoryNetwork;
import io.jsockmap.sockmap.socket.Chunk;
import io.jsockmap.sockmap.socket.ForwardingListener;
import io.jsockmap.sockmap.socket.Judgement;
import io.jsockmap.sockmap.socket.Message;
import io.jsockmap.sockmap.socket.Redirect;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SockListener;
import io.jsockmap.sockmap.socket.Verdict;
import io.jsockmap.sockmap.socket.WireListener;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** How one listens to what programs do with the bytes of sockets. */
class ListenerExamples {
    private static final Path SPLICE =
            Path.of(System.getProperty("jsockmap.root", ".."))
                    .resolve("examples/splice/splice.bpf.o");

    /** "request" comes from a client, and is redirected to the server. */
    private static void playSplice(SockListener listener) {
        try (var network = new InMemoryNetwork(Engines.SETTINGS.with(listener))) {
            var object = network.engine().load(SPLICE);
            var peers = object.sockHash("peers");
            peers.attach(object.program("splice"), AttachType.SK_SKB_STREAM_VERDICT);
            var client = network.accepted();
            var server = network.connected();
            peers.update(Bytes.u64(client.cookie()), server.socket(), UpdateFlag.ANY);
            peers.update(Bytes.u64(server.cookie()), client.socket(), UpdateFlag.ANY);
            client.peer().sends("request");
            assertThat(server.peer().received()).isEqualTo("request");
            assertThat(network.violations()).isEmpty();
        }
    }

    // @start region="count"
    /** Counts the bytes of each verdict, and tells the next listener all that it hears. */
    private static final class VerdictMeter extends ForwardingListener {
        private final Map<Verdict, LongAdder> bytes = new ConcurrentHashMap<>();

        VerdictMeter(SockListener next) {
            super(next);
        }

        @Override
        public void judged(Judgement judgement) {
            Message message = judgement.message(); // valid only during the call
            bytes.computeIfAbsent(judgement.verdict(), _ -> new LongAdder()).add(message.length());
            super.judged(judgement);
        }
    }

    // @end

    @Test
    void verdictsAreCounted() {
        var meter = new VerdictMeter(SockListener.NONE);

        playSplice(meter);

        assertThat(meter.bytes.get(Verdict.REDIRECT).sum()).isEqualTo(7);
    }

    @Test
    void aRedirectTellsWhereTheBytesGoAndWhichLineOfCDecided() {
        List<String> heard = new ArrayList<>();

        // @start region="redirect"
        SockListener listener =
                new SockListener() {
                    @Override
                    public void judged(Judgement judgement) {
                        if (judgement.redirect().isEmpty()) return;
                        Redirect redirect = judgement.redirect().get();
                        var how = redirect.ingress() ? "given to" : "sent by";
                        var line = judgement.line().map(SourceLine::place).orElse("?");
                        heard.add("%s: %s %s".formatted(line, how, redirect.target().addresses()));
                    }
                };
        // @end
        playSplice(listener);

        assertThat(heard)
                .isNotEmpty()
                .allMatch(line -> line.matches("splice.bpf.c:\\d+: sent by 10.0.0.1:.*:8080"));
    }

    // @start region="wire"
    /** Notes what the network carries, before and after programs judge it. */
    private static final class Tap implements WireListener {
        private final StringBuilder in = new StringBuilder();
        private final StringBuilder out = new StringBuilder();

        @Override
        public void received(Sock socket, Chunk bytes) {
            in.append(Bytes.text(bytes.copy()));
        }

        @Override
        public void written(Sock socket, Chunk bytes) {
            out.append(Bytes.text(bytes.copy()));
        }
    }

    // @end

    @Test
    void aWireListenerHearsEachByteThatComesAndGoes() {
        var tap = new Tap();

        playSplice(
                new SockListener() {
                    @Override
                    public Optional<WireListener> wire() {
                        return Optional.of(tap);
                    }
                });

        assertThat(tap.in).hasToString("request");
        assertThat(tap.out).hasToString("request");
    }
}
