package io.jsockmap.sockmap.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.Network;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.Limits;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * Random scripts and sends, compared with {@link Model}, to which there is always room. By default
 * the seeds are always the same; {@code -Drandom.factor=N} takes more of them, {@code
 * -Djsockmap.message.seed=N} only one.
 */
class RandomScriptsTest {
    private static final String SEED = "jsockmap.message.seed";
    private static final int MOST_RUNS = 512;
    private static final int SEEDS = 200 * Integer.getInteger("random.factor", 1);

    @ParameterizedTest
    @DisplayName("S13..S20, S22..S24, S26..S28, S38..S43: random scripts do what the model says")
    @EnumSource(Delivery.class)
    void asTheModelHasIt(Delivery delivery) {
        var only = Long.getLong(SEED);
        var seeds = only == null ? LongStream.range(0, SEEDS) : LongStream.of(only);
        var network = new Network(new Limits(1 << 28, 1 << 28), delivery);
        var script = Script.withLogOf(MOST_RUNS, network);
        seeds.mapToObj(Scenario::of).forEach(scenario -> check(network, script, scenario));
    }

    private static void check(Network network, Script script, Scenario scenario) {
        try (network) {
            new Comparison(network, script, scenario).run();
        } catch (Throwable e) {
            throw new AssertionError(
                    "%s, %s; replay: mvn -pl sockmap -am test -Dtest=RandomScriptsTest -D%s=%d"
                            .formatted(network.delivery(), scenario, SEED, scenario.seed()),
                    e);
        }
    }

    /** One scenario, by the engine and by the model. */
    private static final class Comparison {
        private final Scenario scenario;
        private final Model model;
        private final Script script;
        private final Connection source;
        private final List<Connection> targets;

        Comparison(Network network, Script script, Scenario scenario) {
            this.scenario = scenario;
            this.script = script;
            model = new Model(scenario.parts(), network.delivery());
            source = network.connected();
            targets = List.of(network.accepted(), network.accepted());
            script.judges(source);
            for (int key = 0; key < targets.size(); key++) script.aims(key, targets.get(key));
            script.plays(scenario.parts());
        }

        void run() {
            for (int i = 0; i < scenario.sends().size(); i++) {
                if (i == scenario.shutBefore()) {
                    targets.get(1).shutsOutput();
                    model.shut.add(1);
                }
                send(i, scenario.sends().get(i));
            }
            source.shutsOutput();
            model.shutdown();
            assertThat(script.runs()).as("runs").isEqualTo(model.runs);
            assertThat(went()).as("where bytes went").isEqualTo(model.went());
        }

        private void send(int number, List<Integer> sizes) {
            int size = sizes.stream().mapToInt(n -> n).sum();
            var bytes = Bytes.of(Bytes.pattern(size));
            List<ByteBuffer> buffers = new ArrayList<>();
            int at = 0;
            for (int part : sizes) {
                buffers.add(ByteBuffer.wrap(bytes, at, part));
                at += part;
            }
            var sending = source.sends(buffers.toArray(ByteBuffer[]::new));
            assertThat(new Model.Result(sending.accepted(), sending.errno()))
                    .as("send %d returns", number)
                    .isEqualTo(model.send(bytes));
        }

        private Map<String, String> went() {
            var all = new TreeMap<String, String>();
            all.put("peer", source.peer().received());
            for (int key = 0; key < targets.size(); key++) {
                all.put("egress " + key, targets.get(key).peer().received());
                all.put("ingress " + key, targets.get(key).reads());
            }
            all.values().removeIf(String::isEmpty);
            return all;
        }
    }
}
