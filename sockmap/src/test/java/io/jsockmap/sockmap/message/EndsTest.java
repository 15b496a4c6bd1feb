package io.jsockmap.sockmap.message;

import static io.jsockmap.sockmap.message.Part.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.Network;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.Limits;
import io.jsockmap.sockmap.socket.SocketKind;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Ends that meet messages which wait, are held, or come from many. */
class EndsTest {
    private Network network;
    private Script script;
    private Connection source;

    private void open(int receiveBytes, int sendBytes) {
        network = new Network(new Limits(receiveBytes, sendBytes), Delivery.WHOLE);
        script = new Script(network);
        source = network.connected();
        script.judges(source);
    }

    @AfterEach
    void bytesAreConserved() {
        network.close();
    }

    @Test
    @DisplayName("F3: a message that is held only when it gets room comes before the end of stream")
    void heldBehindTheShutdown() {
        open(1000, 100);
        script.plays(run(), run().cork(1000));
        source.sendsAndWaits(Bytes.pattern(100)).succeeds();
        var waiting = source.sendsAndWaits("hello");
        source.shutsOutput();

        var received = source.peer().received();

        waiting.succeeds();
        assertThat(received + source.peer().received()).isEqualTo(Bytes.pattern(100) + "hello");
        assertThat(source.peer().sawEnd()).isTrue();
        assertThat(source.account().corked()).isZero();
    }

    @Test
    @DisplayName("F2: a program that was taken away while a message waited holds nothing any more")
    void takenAwayWhileWaiting() {
        open(1000, 4);
        script.plays(run().apply(4), run().apply(3), run().apply(0).cork(1000));
        var waiting = source.sendsAndWaits("0123456789");
        script.senders().delete(0);

        var received = source.peer().received();
        source.sendsAndWaits("abc").succeeds();

        waiting.succeeds();
        assertThat(received + source.peer().received()).isEqualTo("0123456789abc");
        assertThat(source.account().corked()).isZero();
    }

    @Test
    @DisplayName("P22: a program that is put in again begins anew, also if both happened in one go")
    void takenAwayAndPutInAgain() {
        open(1000, 1000);
        script.plays(run().apply(1000).returns(0), run());
        source.sends("one").failsWith(Errno.EACCES);
        List<Integer> errnos = new ArrayList<>();
        source.socket()
                .send(
                        ByteBuffer.wrap(Bytes.of("two")),
                        false,
                        (_, _) -> {
                            // The socket is at work, so it hears of both changes at once.
                            script.senders().delete(0);
                            script.senders().update(0, source.socket(), UpdateFlag.ANY);
                            source.socket()
                                    .send(
                                            ByteBuffer.wrap(Bytes.of("three")),
                                            false,
                                            (_, errno) -> errnos.add(errno));
                        });

        assertThat(errnos).containsExactly(0);
        assertThat(source.peer().received()).isEqualTo("three");
    }

    @Test
    @DisplayName("F7: a target's queue is bounded, however many sources close towards it")
    void manySourcesClose() {
        open(1000, 1000);
        var target = network.accepted();
        script.plays(run().redirectIn(1).cork(1000));
        script.targets().update(1, target.socket(), UpdateFlag.ANY);
        for (int i = 0; i < 100; i++) {
            var one = network.connected();
            script.senders().update(0, one.socket(), UpdateFlag.ANY);
            one.sends(Bytes.pattern(500)).succeeds();
            one.closes();
        }

        assertThat(target.account().ingress().waiting()).isLessThanOrEqualTo(2 * 1000 + 500);
        assertThat(network.losses()).isNotEmpty();
    }

    @Test
    @DisplayName("F17: a message that is too long for a datagram comes in several, none of it lost")
    void longerThanADatagram() {
        open(Limits.DEFAULT.receiveBytes(), Limits.DEFAULT.sendBytes());
        var target = network.connected(SocketKind.UDP);
        script.plays(run().redirectIn(1));
        script.targets().update(1, target.socket(), UpdateFlag.ANY);
        var text = Bytes.pattern(100_000);

        source.sends(text).succeeds();

        var first = target.reads(Limits.LONGEST_DATAGRAM);
        assertThat(first).hasSize(Limits.LONGEST_DATAGRAM);
        assertThat(first + target.reads(Limits.LONGEST_DATAGRAM)).isEqualTo(text);
    }

    @Test
    @DisplayName("S8: a send of nothing returns 0, also behind one that waits")
    void nothingBehindOneThatWaits() {
        open(1000, 4);
        script.plays(run());
        source.sendsAndWaits("0123").succeeds();
        var waiting = source.sendsAndWaits("4567");

        source.sends("").succeeds();

        assertThat(waiting.isDone()).isFalse();
    }

    @Test
    @DisplayName("F24: a caller's callback that throws does not keep the next send from going on")
    void callbackThatThrows() {
        open(1000, 1000);
        script.plays(run());
        var heard = new ArrayList<Throwable>();
        source.socket()
                .send(
                        ByteBuffer.wrap(Bytes.of("one")),
                        true,
                        (_, _) -> {
                            var failure = new IllegalStateException("a mistake of the caller");
                            heard.add(failure);
                            throw failure;
                        });

        source.sends("two").succeeds();

        assertThat(source.peer().received()).isEqualTo("onetwo");
        assertThat(heard).hasSize(1);
        assertThat(network.takeFailures()).isEqualTo(heard);
    }

    @Test
    @DisplayName("F8: a message that was on its way when its target ended the stream is reported")
    void targetEndsMeanwhile() {
        open(1000, 1000);
        var target = network.accepted();
        script.plays(run().redirect(1));
        script.targets().update(1, target.socket(), UpdateFlag.ANY);
        // The target is at work until the callback returns, and only then takes what comes.
        target.socket()
                .send(
                        ByteBuffer.wrap(Bytes.of("own")),
                        true,
                        (_, _) -> {
                            target.socket().shutdownOutput();
                            source.socket()
                                    .send(ByteBuffer.wrap(Bytes.of("late")), true, (_, _) -> {});
                        });

        assertThat(target.peer().received()).isEqualTo("own");
        assertThat(target.peer().sawEnd()).isTrue();
        var queue = target.account().egress();
        boolean refused = source.account().send().dropped() == 4;
        assertThat(refused || queue.discarded() == 4).isTrue();
        assertThat(target.peer().received()).isEmpty();
    }
}
