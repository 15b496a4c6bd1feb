package io.jsockmap.proxy.epoll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What a pipe holds reaches one taker, and the pipe is free again. */
class PipeTest {
    private final List<Boolean> emptied = new ArrayList<>();
    private Libc libc;
    private Pipes pipes;
    private int listener;
    private int in;
    private int out;

    @BeforeEach
    void connect() {
        assumeTrue(EpollCarriers.refusal().isEmpty(), "there is no epoll here: skipped");
        libc = new Libc();
        pipes = new Pipes(libc);
        var any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        listener = libc.socket(SocketAddresses.familyOf(any));
        assertThat(libc.bind(listener, any)).isZero();
        assertThat(libc.listen(listener, 1)).isZero();
        out = libc.socket(SocketAddresses.familyOf(any));
        assertThat(libc.connect(out, libc.localAddress(listener))).isEqualTo(-Libc.EINPROGRESS);
        in = libc.accept(listener);
        assertThat(in).isPositive();
    }

    @AfterEach
    void close() {
        if (libc == null) return;
        pipes.close();
        List.of(listener, in, out).forEach(libc::close);
        libc.close();
    }

    /** Sends something, and takes it into a pipe. */
    private Pipe.Piped held(String text) {
        send(text);
        var pipe = pipes.take();
        assertThat(pipe.fill(libc, in, emptied::add)).isEqualTo(text.length());
        return pipe.held();
    }

    private void send(String text) {
        var bytes = MemorySegment.ofArray(text.getBytes(StandardCharsets.US_ASCII));
        assertThat(libc.send(out, bytes, bytes.byteSize())).isEqualTo(text.length());
    }

    private String received(int descriptor) {
        var bytes = new byte[100];
        int count = libc.recv(descriptor, MemorySegment.ofArray(bytes), bytes.length);
        return new String(bytes, 0, count, StandardCharsets.US_ASCII);
    }

    @Test
    void itMovesWhatIsInItPieceByPiece() {
        var held = held("unseen");
        assertThat(held.moveTo(libc, in, 2)).isEqualTo(2);
        assertThat(received(out)).isEqualTo("un");
        assertThat(emptied).isEmpty();
        assertThat(held.moveTo(libc, in, 100)).isEqualTo(4);
        assertThat(received(out)).isEqualTo("seen");
        assertThat(emptied).containsExactly(false);
    }

    @Test
    void whoeverLooksGetsTheRest() {
        var held = held("unseen");
        assertThat(held.moveTo(libc, in, 2)).isEqualTo(2);
        assertThat(held.fetch()).asString(StandardCharsets.US_ASCII).isEqualTo("seen");
        assertThat(emptied).containsExactly(true);
    }

    @Test
    void whatItHeldOnceItDoesNotHoldAgain() {
        var before = held("before");
        before.fetch();
        var now = held("now");
        assertThatThrownBy(before::fetch).isInstanceOf(IllegalStateException.class);
        before.drop();
        assertThat(now.fetch()).asString(StandardCharsets.US_ASCII).isEqualTo("now");
    }

    @Test
    void withoutBytesItIsNobodys() {
        var pipe = pipes.take();
        assertThat(pipe.fill(libc, in, emptied::add)).isEqualTo(-Libc.EAGAIN);
        assertThat(pipes.take()).isSameAs(pipe);
        assertThat(emptied).isEmpty();
    }

    @Test
    void aDroppedOneIsClosedAndAnotherTakesItsPlace() {
        var descriptors = openDescriptors();
        held("thrown away").drop();
        assertThat(openDescriptors()).isEqualTo(descriptors);
        assertThat(emptied).containsExactly(false);
        assertThat(held("kept").fetch()).hasSize(4);
    }

    @Test
    void aForgottenOneIsFoundByTheGarbageCollector() throws InterruptedException {
        var told = new CountDownLatch(1);
        send("forgotten");
        pipes.take().fill(libc, in, _ -> told.countDown());
        long hangs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!told.await(10, TimeUnit.MILLISECONDS)) {
            assertThat(System.nanoTime()).isLessThan(hangs);
            System.gc();
        }
    }

    @Test
    void thereIsAnEndOfThem() {
        var descriptors = openDescriptors();
        List<Pipe> taken = new ArrayList<>();
        for (var next = pipes.take(); next != null; next = pipes.take()) taken.add(next);
        assertThat(taken).hasSizeBetween(2, 1000);
        taken.forEach(pipes::giveBack);
        assertThat(openDescriptors()).isLessThan(descriptors + 100);
        pipes.close();
        assertThat(openDescriptors()).isEqualTo(descriptors);
    }

    private static long openDescriptors() {
        try (var all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
