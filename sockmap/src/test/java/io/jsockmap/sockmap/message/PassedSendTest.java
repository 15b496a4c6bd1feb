package io.jsockmap.sockmap.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.Network;
import io.jsockmap.sockmap.socket.Account;
import io.jsockmap.sockmap.socket.Chunk;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.Egress;
import io.jsockmap.sockmap.socket.Limits;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.Transport;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What a transport sends for its application by {@link Sock#sendAndTake} goes where it goes by a
 * send.
 */
class PassedSendTest {
    private static final int SEEDS = 200 * Integer.getInteger("random.factor", 1);

    private record Unseen(byte[] fetch) implements Chunk.Source {
        @Override
        public void drop() {}
    }

    private static Chunk unseen(byte[] bytes) {
        return Chunk.of(new Unseen(bytes), bytes.length);
    }

    /** A socket that a script judges, with two targets; sends are passed or not. */
    private static final class Run {
        private final boolean passes;
        private final Script script;
        private final List<Connection> targets;
        private final StringBuilder wire = new StringBuilder();
        private final List<String> results = new ArrayList<>();
        private final Sock socket;
        private int passed;

        Run(Network network, Script script, boolean passes) {
            this.passes = passes;
            this.script = script;
            var addresses = Network.addresses("10.0.0.1", 1024, "10.0.0.2", 80);
            socket = network.engine().root().connected(addresses, Transport.NONE);
            targets = List.of(network.accepted(), network.accepted());
            script.senders().update(0, socket, UpdateFlag.ANY);
            for (int key = 0; key < targets.size(); key++) script.aims(key, targets.get(key));
        }

        void send(byte[] bytes, boolean mayWait) {
            int number = results.size();
            results.add("waits");
            if (number % 3 == 2) {
                // Copied, between others.
                var copied = ByteBuffer.wrap(bytes);
                socket.send(copied, mayWait, (n, errno) -> told(number, n, errno));
            } else if (!passes) {
                socket.send(List.of(unseen(bytes)), mayWait, (n, errno) -> told(number, n, errno));
            } else if (socket.sendAndTake(
                            unseen(bytes), mayWait, (n, errno) -> told(number, n, errno))
                    instanceof Egress.Bytes(var own)) {
                passed++;
                told(number, bytes.length, 0);
                write(own);
            }
        }

        void send(String text) {
            send(Bytes.of(text), true);
        }

        private void told(int number, long accepted, int errno) {
            results.set(number, accepted + " " + errno);
        }

        private void write(Chunk chunk) {
            wire.append(Bytes.text(chunk.copy()));
            socket.written(chunk.length());
        }

        /** Writes what is queued. */
        Run flush() {
            while (socket.takeEgress() instanceof Egress.Bytes(var chunk)) write(chunk);
            return this;
        }

        private List<String> went() {
            List<String> all = new ArrayList<>(List.of(wire.toString()));
            for (var target : targets)
                all.addAll(List.of(target.peer().received(), target.reads()));
            return all;
        }

        private Account.Flow flow() {
            return socket.account().send();
        }
    }

    @ParameterizedTest
    @EnumSource(Delivery.class)
    void whateverTheProgramAsksFor(Delivery delivery) {
        var network = new Network(new Limits(1 << 28, 1 << 28), delivery);
        var script = Script.withLogOf(512, network);
        int passed = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            var scenario = Scenario.of(seed);
            var sent = play(new Run(network, script, false), scenario);
            var runs = script.runs();
            var same = play(new Run(network, script, true), scenario);
            passed += same.passed;
            assertThat(script.runs()).as("runs of %s", scenario).isEqualTo(runs);
            assertThat(same.results).as("results of %s", scenario).isEqualTo(sent.results);
            assertThat(same.went()).as("where %s went", scenario).isEqualTo(sent.went());
            assertThat(same.flow()).as("flow of %s", scenario).isEqualTo(sent.flow());
            assertThat(same.socket.account().balances()).isTrue();
            assertThat(same.socket.account().egress()).isEqualTo(sent.socket.account().egress());
        }
        // Else this says nothing.
        if (delivery != Delivery.HOSTILE) assertThat(passed).isGreaterThan(SEEDS / 4);
    }

    private static Run play(Run run, Scenario scenario) {
        run.script.plays(scenario.parts());
        for (var sizes : scenario.sends()) {
            var bytes = Bytes.of(Bytes.pattern(sizes.stream().mapToInt(n -> n).sum()));
            run.send(bytes, scenario.seed() % 2 == 0);
            run.flush();
        }
        run.socket.shutdownOutput();
        return run.flush();
    }

    private static Run passing(Limits limits) {
        var network = new Network(limits, Delivery.KERNEL);
        var run = new Run(network, new Script(network), true);
        run.script.plays(Part.run());
        return run;
    }

    @Test
    void whatIsQueuedStaysBefore() {
        var run = passing(Limits.DEFAULT);
        run.socket.send(List.of(unseen(Bytes.of("one "))), true, (_, _) -> {});
        run.send("two");

        assertThat(run.passed).isZero();
        assertThat(run.flush().wire).hasToString("one two");
    }

    @Test
    @DisplayName("nothing is passed beyond the room, and who may not wait is told")
    void withoutRoom() {
        var run = passing(new Limits(8, 8));
        run.socket.sendAndTake(unseen(Bytes.of("12345678")), true, (_, _) -> {});
        run.send(Bytes.of("no"), false);
        run.send(Bytes.of("later"), true);
        assertThat(run.results).containsExactly("0 " + Errno.EAGAIN.number(), "waits");

        run.socket.written(8);

        assertThat(run.results.getLast()).isEqualTo("5 0");
        assertThat(run.flush().wire).hasToString("later");
    }

    @Test
    void aSocketThatIsClosedOrHasAnErrorSaysSo() {
        var run = passing(Limits.DEFAULT);
        run.socket.receivedError(Errno.ECONNREFUSED);
        run.send("refused");
        run.send("sent");
        run.socket.close();
        run.send("closed");

        assertThat(run.results)
                .containsExactly(
                        "0 " + Errno.ECONNREFUSED.number(), "4 0", "0 " + Errno.EBADF.number());
        assertThat(run.wire).hasToString("sent");
    }

    @Test
    void whereTheProgramWasTakenAwayBytesPassUnseen() {
        var run = passing(Limits.DEFAULT);
        run.send("judged");
        run.script.senders().delete(Bytes.u32(0));
        var bytes = unseen(Bytes.of("plain"));

        assertThat(run.socket.sendAndTake(bytes, true, (_, _) -> {}))
                .isEqualTo(new Egress.Bytes(bytes));
        assertThat(bytes.source()).isNotNull();
        assertThat(run.script.runs()).hasSize(1);
    }
}
