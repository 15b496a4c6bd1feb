package io.jsockmap.provider;

import static io.jsockmap.provider.World.read;
import static io.jsockmap.provider.World.result;
import static io.jsockmap.provider.World.start;
import static io.jsockmap.provider.World.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** What code may expect of a Selector, wherever the bytes of its channels go. */
@Timeout(120)
@ParameterizedClass
@EnumSource(World.Kind.class)
class SelectorTest {
    @Parameter World.Kind kind;

    private World world;
    private Selector selector;
    private World.Pair pair;

    @BeforeEach
    void open() throws IOException {
        world = new World(kind);
        selector = world.selector();
        pair = world.accepted();
        pair.ours().configureBlocking(false);
    }

    @AfterEach
    void close() throws Exception {
        world.close();
    }

    private SelectionKey register(int operations) throws IOException {
        return pair.ours().register(selector, operations);
    }

    @Test
    void aKeyIsSelectedWhenThereIsSomethingToRead() throws Exception {
        var key = register(SelectionKey.OP_READ);
        assertThat(selector.selectNow()).isZero();
        write(pair.plain(), "x");
        assertThat(selector.select()).isEqualTo(1);
        assertThat(selector.selectedKeys()).containsExactly(key);
        assertThat(key.isReadable()).isTrue();
        assertThat(key.isWritable()).isFalse();
    }

    @Test
    void aKeyStaysReadyAsLongAsSomethingIsLeft() throws Exception {
        register(SelectionKey.OP_READ);
        write(pair.plain(), "two");
        for (var expected : List.of("tw", "o")) {
            assertThat(selector.select()).isEqualTo(1);
            selector.selectedKeys().clear();
            assertThat(read(pair.ours(), Math.min(2, expected.length()))).isEqualTo(expected);
        }
        assertThat(selector.selectNow()).isZero();
    }

    @Test
    void aKeyThatWasSelectedAndIsStillReadyIsNoNews() throws Exception {
        var key = register(SelectionKey.OP_READ);
        write(pair.plain(), "x");
        assertThat(selector.select()).isEqualTo(1);
        assertThat(selector.select()).isZero();
        key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        assertThat(selector.select()).isEqualTo(1);
        assertThat(key.readyOps()).isEqualTo(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
    }

    @Test
    void aSelectionWaitsWhenTheApplicationIsNotInterested() throws Exception {
        var key = register(0);
        write(pair.plain(), "x");
        assertThat(selector.select(50)).isZero();
        key.interestOps(SelectionKey.OP_READ);
        assertThat(selector.select()).isEqualTo(1);
        assertThat(read(pair.ours())).isEqualTo("x");
    }

    @Test
    void anInterestThatAnotherThreadChangesIsHeardOf() throws Exception {
        var key = register(0);
        write(pair.plain(), "x");
        var selecting = start(selector::select);
        key.interestOps(SelectionKey.OP_READ);
        selector.wakeup();
        // Either it saw the interest, or it was woken up before.
        if (result(selecting) == 0) assertThat(selector.select()).isEqualTo(1);
        assertThat(key.isReadable()).isTrue();
    }

    @Test
    void aWakeUpEndsTheSelectionOrTheNextOne() throws Exception {
        register(SelectionKey.OP_READ);
        selector.wakeup();
        assertThat(selector.select()).isZero();
        var selecting = start(selector::select);
        selector.wakeup();
        assertThat(result(selecting)).isZero();
    }

    @Test
    void anInterruptEndsTheSelection() throws Exception {
        register(SelectionKey.OP_READ);
        Thread.currentThread().interrupt();
        try {
            assertThat(selector.select()).isZero();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(selector.isOpen()).isTrue();
    }

    @Test
    void theEndOfStreamIsReadable() throws Exception {
        register(SelectionKey.OP_READ);
        pair.plain().shutdownOutput();
        assertThat(selector.select()).isEqualTo(1);
        assertThat(read(pair.ours())).isNull();
        selector.selectedKeys().clear();
        // And stays so.
        assertThat(selector.select()).isEqualTo(1);
        assertThat(read(pair.ours())).isNull();
    }

    @Test
    void aResetIsReadable() throws Exception {
        register(SelectionKey.OP_READ);
        pair.plain().setOption(java.net.StandardSocketOptions.SO_LINGER, 0);
        pair.plain().close();
        assertThat(selector.select()).isEqualTo(1);
        assertThatThrownBy(() -> read(pair.ours())).isInstanceOf(IOException.class);
    }

    @Test
    void aChannelThatTakesNoMoreIsWritableAgainWhenThePeerReads() throws Exception {
        var key = register(SelectionKey.OP_WRITE);
        assertThat(selector.select()).isEqualTo(1);
        selector.selectedKeys().clear();
        long written = fill(pair.ours());
        // The platform may take some more when it has sent some, but some time it is full.
        while (selector.selectNow() > 0) {
            selector.selectedKeys().clear();
            written += fill(pair.ours());
        }
        var reading = start(() -> readToEnd(pair.plain()));
        assertThat(selector.select()).isEqualTo(1);
        assertThat(key.isWritable()).isTrue();
        pair.ours().close();
        assertThat(result(reading)).isEqualTo(written);
    }

    private static long fill(SocketChannel channel) throws IOException {
        var much = ByteBuffer.allocate(1 << 16);
        long sum = 0;
        for (int count = 1; count > 0; sum += count) count = channel.write(much.clear());
        return sum;
    }

    private static long readToEnd(SocketChannel channel) throws IOException {
        var much = ByteBuffer.allocate(1 << 16);
        long sum = 0;
        for (int count = 0; count >= 0; sum += Math.max(0, count)) {
            count = channel.read(much.clear());
        }
        return sum;
    }

    @Test
    void actionsAreGivenTheKeysThatAreReady() throws Exception {
        var key = register(SelectionKey.OP_READ);
        write(pair.plain(), "x");
        List<SelectionKey> given = new ArrayList<>();
        assertThat(selector.select(given::add)).isEqualTo(1);
        assertThat(given).containsExactly(key);
        assertThat(selector.selectedKeys()).isEmpty();
        assertThatThrownBy(() -> selector.select(_ -> reselect()))
                .isInstanceOf(IllegalStateException.class);
    }

    private void reselect() {
        try {
            selector.selectNow();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aCancelledKeyIsGoneAndTheChannelCanBlock() throws Exception {
        var key = register(SelectionKey.OP_READ);
        key.cancel();
        pair.ours().configureBlocking(true);
        write(pair.plain(), "x");
        assertThat(read(pair.ours())).isEqualTo("x");
        assertThat(selector.selectNow()).isZero();
        assertThat(selector.keys()).isEmpty();
        assertThatThrownBy(key::readyOps).isInstanceOf(CancelledKeyException.class);
        // And it can be registered again.
        pair.ours().configureBlocking(false);
        register(SelectionKey.OP_READ);
        write(pair.plain(), "y");
        assertThat(selector.select()).isEqualTo(1);
    }

    @Test
    void aChannelThatIsClosedWhileSelectedOnLeavesTheSelector() throws Exception {
        var key = register(SelectionKey.OP_READ);
        var selecting = start(selector::select);
        pair.ours().close();
        selector.wakeup();
        assertThat(result(selecting)).isZero();
        assertThat(read(pair.plain())).isNull();
        assertThat(selector.selectNow()).isZero();
        assertThat(key.isValid()).isFalse();
        assertThat(selector.keys()).isEmpty();
    }

    @Test
    void aClosedSelectorEndsItsSelectionAndFreesTheChannel() throws Exception {
        register(SelectionKey.OP_READ);
        var selecting = start(selector::select);
        selector.close();
        try {
            result(selecting);
        } catch (java.util.concurrent.ExecutionException e) {
            assertThat(e).hasCauseInstanceOf(ClosedSelectorException.class);
        }
        assertThatThrownBy(selector::selectNow).isInstanceOf(ClosedSelectorException.class);
        assertThat(pair.ours().isRegistered()).isFalse();
        assertThat(pair.ours().isOpen()).isTrue();
    }

    @Test
    void aChannelMayBeRegisteredAtTwoSelectors() throws Exception {
        var other = world.selector();
        register(SelectionKey.OP_READ);
        var second = pair.ours().register(other, SelectionKey.OP_WRITE);
        assertThat(other.select()).isEqualTo(1);
        write(pair.plain(), "x");
        assertThat(selector.select()).isEqualTo(1);
        second.interestOps(SelectionKey.OP_READ);
        other.selectedKeys().clear();
        assertThat(other.select()).isEqualTo(1);
    }

    @Test
    void connectionsAreAcceptedAndMadeWithoutBlocking() throws Exception {
        try (var server = world.provider.openServerSocketChannel();
                var client = world.provider.openSocketChannel()) {
            server.bind(World.loopback()).configureBlocking(false);
            client.configureBlocking(false);
            var accepting = server.register(selector, SelectionKey.OP_ACCEPT);
            boolean connected = client.connect(server.getLocalAddress());
            var connecting = client.register(selector, SelectionKey.OP_CONNECT);
            SocketChannel accepted = null;
            while (accepted == null || !connected) {
                selector.select();
                if (selector.selectedKeys().remove(accepting)) accepted = server.accept();
                if (selector.selectedKeys().remove(connecting)) connected = client.finishConnect();
            }
            connecting.interestOps(SelectionKey.OP_READ);
            accepting.cancel();
            world.keep(accepted);
            write(accepted, "hello");
            assertThat(selector.select()).isEqualTo(1);
            assertThat(read(client)).isEqualTo("hello");
        }
    }

    @Test
    void thePlatformsPipesAreTakenToo() throws Exception {
        Pipe pipe = world.provider.openPipe();
        pipe.source().configureBlocking(false);
        var key = pipe.source().register(selector, SelectionKey.OP_READ);
        assertThat(selector.selectNow()).isZero();
        pipe.sink().write(World.buffer("x"));
        assertThat(selector.select()).isEqualTo(1);
        assertThat(selector.selectedKeys()).containsExactly(key);
        assertThat(key.channel()).isSameAs(pipe.source());
        pipe.source().close();
        pipe.sink().close();
        assertThat(selector.selectNow()).isZero();
        assertThat(selector.keys()).isEmpty();
    }

    @Test
    void manyConnectionsAreServedByOneSelector() throws Exception {
        var server = world.provider.openServerSocketChannel().bind(World.loopback());
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
        var serving = start(() -> serve(server));
        List<java.util.concurrent.CompletableFuture<String>> clients = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            var text = "client " + i;
            clients.add(start(() -> converse(server, text)));
        }
        for (int i = 0; i < 50; i++) {
            assertThat(result(clients.get(i))).isEqualTo(("client " + i).repeat(20));
        }
        server.close();
        selector.wakeup();
        result(serving);
    }

    private static String converse(ServerSocketChannel server, String text) throws IOException {
        try (var channel = SocketChannel.open(server.getLocalAddress())) {
            var back = new StringBuilder();
            for (int i = 0; i < 20; i++) {
                write(channel, text);
                back.append(read(channel, text.length()));
            }
            return back.toString();
        }
    }

    private Void serve(ServerSocketChannel server) throws IOException {
        var buffer = ByteBuffer.allocate(1000);
        while (server.isOpen()) {
            selector.select();
            for (var keys = selector.selectedKeys().iterator(); keys.hasNext(); ) {
                var key = keys.next();
                keys.remove();
                if (!key.isValid()) continue;
                if (key.isAcceptable()) accept(server);
                else echo((SocketChannel) key.channel(), buffer);
            }
        }
        return null;
    }

    private void accept(ServerSocketChannel server) throws IOException {
        for (var next = server.accept(); next != null; next = server.accept()) {
            next.configureBlocking(false).register(selector, SelectionKey.OP_READ);
        }
    }

    private static void echo(SocketChannel channel, ByteBuffer buffer) throws IOException {
        if (channel.read(buffer.clear()) < 0) {
            channel.close();
            return;
        }
        buffer.flip();
        while (buffer.hasRemaining()) channel.write(buffer);
    }
}
