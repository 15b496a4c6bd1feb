package io.jsockmap.sockmap.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.InMemoryNetwork;
import io.jsockmap.sockmap.network.Network;
import io.jsockmap.sockmap.socket.Chunk;
import io.jsockmap.sockmap.socket.Egress;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.Transport;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Real threads: frames flow in pieces of any size while one version follows the other. */
class ReplacementTest {
    private static final int STREAMS = 3;
    private static final int FRAMES = 20_000;
    private static final int LONGEST = 40;
    private static final int MOST_VERSIONS = 2000;

    private final Network network = new Network();

    @Test
    @DisplayName("each frame arrives whole, in order, and bears the mark of one version")
    void underTraffic() throws Exception {
        var running = new AtomicInteger(STREAMS);
        var first = version(0);
        List<Callable<Integer>> work = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            var source = socket(2 * i);
            var target = socket(2 * i + 1);
            var peers = first.sockHash("peers");
            peers.update(Bytes.u64(source.cookie()), target, UpdateFlag.ANY);
            peers.update(Bytes.u64(-source.cookie()), source, UpdateFlag.ANY);
            var random = new Random(i);
            work.add(
                    () -> {
                        try {
                            return flow(source, target, random);
                        } finally {
                            running.decrementAndGet();
                        }
                    });
        }
        work.add(() -> replace(first, running));

        try (var threads = Executors.newFixedThreadPool(STREAMS + 1)) {
            var results = threads.invokeAll(work);
            for (int i = 0; i < STREAMS; i++) {
                assertThat(results.get(i).get()).as("changes of version seen").isPositive();
            }
            assertThat(results.getLast().get()).as("replacements").isGreaterThan(1);
        }
    }

    private UserObject version(int number) {
        var object =
                network.load(
                        "versioned", LoadOptions.DEFAULT.withVariable("version", letter(number)));
        var peers = object.sockHash("peers");
        peers.attach(object.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
        peers.attach(object.program("verdict"), AttachType.SK_SKB_STREAM_VERDICT);
        return object;
    }

    private static long letter(int number) {
        return 'A' + number % 26L;
    }

    private Sock socket(int port) {
        var addresses = InMemoryNetwork.addresses("127.0.0.1", 1000 + port, "127.0.0.1", 80);
        return network.engine().accepted(addresses, Transport.NONE);
    }

    private Integer replace(UserObject first, AtomicInteger running) {
        var present = first;
        int number = 0;
        while (running.get() > 0 && number < MOST_VERSIONS) {
            var next = version(++number);
            network.engine().root().replace(present, next, Map.of());
            present.close();
            present = next;
        }
        return number;
    }

    /** Sends frames from one socket to another, and gives how often the version changed. */
    private static int flow(Sock source, Sock target, Random random) {
        var marks = new ArrayList<Byte>();
        var stream = new ByteArrayOutputStream();
        var received = new ByteArrayOutputStream();
        for (int sent = 0; sent < FRAMES; ) {
            for (int i = 0; i < 10; i++) stream.writeBytes(frame(sent++));
            var bytes = stream.toByteArray();
            int count = sent == FRAMES ? bytes.length : random.nextInt(bytes.length + 1);
            while (source.receiveRoom() < count) drain(target, received);
            source.received(Chunk.of(Arrays.copyOf(bytes, count)));
            stream.reset();
            stream.write(bytes, count, bytes.length - count);
            drain(target, received);
        }
        // Others may still be at it in the sockets' own order.
        while (source.account().receive().held() > 0) drain(target, received);
        var _ = target.account();
        drain(target, received);
        read(received.toByteArray(), marks);
        int changes = 0;
        for (int i = 1; i < marks.size(); i++) {
            if (!marks.get(i).equals(marks.get(i - 1))) changes++;
        }
        return changes;
    }

    private static byte[] frame(int number) {
        var frame = new byte[3 + number % LONGEST];
        Arrays.fill(frame, (byte) number);
        frame[0] = (byte) frame.length;
        return frame;
    }

    private static void drain(Sock target, ByteArrayOutputStream received) {
        while (target.takeEgress() instanceof Egress.Bytes(var chunk)) {
            received.write(chunk.array(), chunk.offset(), chunk.length());
            target.written(chunk.length());
        }
    }

    private static void read(byte[] received, List<Byte> marks) {
        int at = 0;
        for (int number = 0; number < FRAMES; number++) {
            var expected = frame(number);
            byte mark = received[at + 1];
            expected[1] = mark;
            expected[expected.length - 1] = mark;
            assertThat(Arrays.copyOfRange(received, at, at + expected.length))
                    .as("frame %d", number)
                    .isEqualTo(expected);
            marks.add(mark);
            at += expected.length;
        }
        assertThat(received).hasSize(at);
    }
}
