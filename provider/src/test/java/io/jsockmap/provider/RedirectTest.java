package io.jsockmap.provider;

import static io.jsockmap.provider.World.buffer;
import static io.jsockmap.provider.World.read;
import static io.jsockmap.provider.World.result;
import static io.jsockmap.provider.World.start;
import static io.jsockmap.provider.World.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.Errno;
import io.jsockmap.sockmap.socket.ErrnoException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Random;

/** What programs do to the bytes of code that knows nothing of them. */
@Timeout(120)
class RedirectTest {
    private static final int PIECE = 20_000;

    private World world;

    @BeforeEach
    void open() throws IOException {
        world = new World(World.Kind.JUDGED);
    }

    @AfterEach
    void close() throws Exception {
        world.close();
    }

    @Test
    void aDroppedWriteFailsWithEacces() throws Exception {
        var pair = world.accepted();
        for (boolean block : new boolean[] {true, false}) {
            pair.ours().configureBlocking(block);
            assertThatThrownBy(() -> pair.ours().write(buffer("drop it")))
                    .isInstanceOfSatisfying(
                            ErrnoException.class,
                            e -> assertThat(e.number()).isEqualTo(Errno.EACCES.number()));
        }
        write(pair.ours(), "pass");
        assertThat(read(pair.plain(), 4)).isEqualTo("pass");
    }

    @Test
    void whatAVerdictDropsIsNeverRead() throws Exception {
        var pair = world.accepted();
        write(pair.plain(), "drop it");
        World.await(() -> world.policy.received() == 7);
        write(pair.plain(), "keep");
        assertThat(read(pair.ours(), 4)).isEqualTo("keep");
    }

    @Test
    void aVerdictRewritesWhatItPasses() throws Exception {
        world.policy.shouts();
        var pair = world.accepted();
        write(pair.plain(), "quiet");
        assertThat(read(pair.ours(), 5)).isEqualTo("QUIET");
    }

    @Test
    void verdictsRunAlthoughNobodyReads() throws Exception {
        var blocking = world.accepted();
        var unregistered = world.accepted();
        unregistered.ours().configureBlocking(false);
        write(blocking.plain(), "12345");
        write(unregistered.plain(), "12345");
        World.await(() -> world.policy.received() == 10);
    }

    @Test
    void verdictsRunInASelectionThatWaitsForSomethingElse() throws Exception {
        var pair = world.accepted();
        pair.ours().configureBlocking(false);
        var selector = world.selector();
        pair.ours().register(selector, 0);
        var selecting = start(() -> selector.select());
        write(pair.plain(), "12345");
        World.await(() -> world.policy.received() == 5);
        selector.wakeup();
        assertThat(result(selecting)).isZero();
    }

    @Test
    void aRedirectGoesOutAtOneSocketAndTheApplicationSeesNothing() throws Exception {
        var from = world.accepted();
        var to = world.accepted();
        world.policy.relays(from.socket(), to.socket());
        write(from.plain(), "relayed");
        assertThat(read(to.plain(), 7)).isEqualTo("relayed");
        from.ours().configureBlocking(false);
        assertThat(read(from.ours())).isEmpty();
    }

    @Test
    void aRedirectToAnotherApplicationWakesItsReader() throws Exception {
        var from = world.accepted();
        var to = world.accepted();
        world.policy.handsOver(from.socket(), to.socket());
        var reading = start(() -> read(to.ours()));
        write(from.plain(), "for you");
        assertThat(result(reading)).isEqualTo("for you");
    }

    @Test
    void aRedirectToAnotherApplicationIsSelectedThere() throws Exception {
        var from = world.accepted();
        var to = world.accepted();
        world.policy.handsOver(from.socket(), to.socket());
        to.ours().configureBlocking(false);
        var selector = world.selector();
        to.ours().register(selector, SelectionKey.OP_READ);
        write(from.plain(), "for you");
        assertThat(selector.select()).isEqualTo(1);
        assertThat(read(to.ours())).isEqualTo("for you");
    }

    @Test
    void aRelayOfChannelsOfTwoSelectorsLosesNothingUnderBackPressure() throws Exception {
        var from = world.accepted();
        var to = world.accepted();
        world.policy.relays(from.socket(), to.socket());
        for (var end : new World.Pair[] {from, to}) {
            end.ours().configureBlocking(false);
            var selector = world.selector();
            end.ours().register(selector, SelectionKey.OP_READ);
            start(() -> select(selector));
        }
        var bytes = new byte[16_000_000];
        new Random(3).nextBytes(bytes);
        var sending = start(() -> sendAll(from.plain(), bytes));
        // The peer begins to read when the sender can't go on, or is done.
        var back = ByteBuffer.allocate(bytes.length);
        while (back.hasRemaining()) to.plain().read(back);
        result(sending);
        assertThat(Arrays.equals(back.array(), bytes)).isTrue();
    }

    /** Nobody looks at the bytes, so they may lie in the writer's buffer while others send them. */
    @Test
    void aWriterHasItsBufferBackWhereverItsBytesWentUnseen() throws Exception {
        var to = world.accepted();
        to.ours().configureBlocking(false);
        var selector = world.selector();
        to.ours().register(selector, SelectionKey.OP_READ);
        start(() -> select(selector));
        world.policy.forwards(to.socket());
        var writer = world.accepted();
        int pieces = 400;
        var writing = start(() -> writeAgainAndAgain(writer.ours(), pieces));
        var piece = ByteBuffer.allocate(PIECE);
        for (int i = 0; i < pieces; i++) {
            while (piece.hasRemaining()) to.plain().read(piece);
            assertThat(piece.flip()).as("piece %d", i).isEqualTo(piece(i));
            piece.clear();
        }
        result(writing);
        assertThat(to.socket().account().balances()).isTrue();
    }

    private static ByteBuffer piece(int number) {
        var bytes = new byte[PIECE];
        new Random(number).nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    private static Void writeAgainAndAgain(SocketChannel channel, int pieces) throws IOException {
        var buffer = ByteBuffer.allocateDirect(PIECE);
        for (int i = 0; i < pieces; i++) {
            buffer.clear().put(piece(i)).flip();
            while (buffer.hasRemaining()) channel.write(buffer);
        }
        return null;
    }

    private static Void select(java.nio.channels.Selector selector) throws IOException {
        while (selector.isOpen()) {
            selector.select();
            selector.selectedKeys().clear();
        }
        return null;
    }

    private static Void sendAll(SocketChannel channel, byte[] bytes) throws IOException {
        for (var rest = ByteBuffer.wrap(bytes); rest.hasRemaining(); ) channel.write(rest);
        return null;
    }

    @Test
    void aSocketThatIsClosedIsNoLongerOfTheEngine() throws Exception {
        var pair = world.accepted();
        assertThat(world.policy.engine.sockets()).hasSize(1);
        pair.ours().close();
        assertThat(read(pair.plain())).isNull();
        assertThat(world.policy.engine.sockets()).isEmpty();
    }

    @Test
    void everyAccountBalancesWhenTheTrafficIsOver() throws Exception {
        var pair = world.accepted();
        write(pair.plain(), "drop");
        World.await(() -> world.policy.received() == 4);
        write(pair.plain(), "pass");
        assertThat(read(pair.ours(), 4)).isEqualTo("pass");
        write(pair.ours(), "answer");
        var account = pair.socket().account();
        assertThat(account.balances()).isTrue();
        assertThat(account.receive().dropped()).isEqualTo(4);
        assertThat(account.egress().left()).isEqualTo(6);
    }
}
