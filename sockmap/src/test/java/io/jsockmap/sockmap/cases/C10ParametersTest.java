package io.jsockmap.sockmap.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.message.Model;
import io.jsockmap.sockmap.message.Part;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.Network;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.Limits;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One program whose helpers are switched by numbers, through the grid of those numbers. */
@ParameterizedClass
@EnumSource(Delivery.class)
@DisplayName("C10: apply, cork, pull, push and pop over one and many buffers")
class C10ParametersTest {
    private static final int[] APPLY = {0, 1, 7, 1000, 100_000};
    private static final int MOST_RUNS = 100;
    private static final int[] CORK = {0, 40, 1000};

    /** Pull from, to; push at, bytes; pop at, bytes. Some fail on short messages, and so drop. */
    private static final int[][] EDITS = {
        {0, 0, 0, 0, 0, 0},
        {0, 1, 0, 0, 0, 0},
        {2, 9, 0, 0, 0, 0},
        {0, 0, 0, 5, 0, 0},
        {0, 0, 3, 2, 0, 0},
        {0, 0, 10, 4, 0, 0},
        {0, 0, 0, 0, 0, 3},
        {0, 0, 0, 0, 4, 2},
        {1, 4, 2, 6, 1, 5},
        {0, 20, 8, 3, 8, 3},
        {0, 4096, 4000, 100, 50, 4000},
    };

    /** Buffers of a send, bytes of each, sends. */
    private static final int[][] SHAPES = {{1, 1, 3}, {1, 20, 3}, {5, 4, 2}, {16, 1024, 1}};

    private final Delivery delivery;

    C10ParametersTest(Delivery delivery) {
        this.delivery = delivery;
    }

    /** Numbers of one test, as the program's array has them but for the flags. */
    private record Numbers(int apply, int cork, int[] edit) {
        int[] all(int flags) {
            return new int[] {
                apply, cork, edit[0], edit[1], edit[2], edit[3], edit[4], edit[5], flags
            };
        }

        /** What the program does then, in the model's words. */
        Part part(String program, int flags) {
            var part = Part.run();
            if (apply > 0) part.apply(apply);
            if (cork > 0) part.cork(cork);
            if (edit[1] > 0) part.pull(edit[0], edit[1]);
            if (edit[3] > 0) part.push(edit[2], edit[3]).dropsOnFailure();
            if (edit[5] > 0) part.pop(edit[4], edit[5]).dropsOnFailure();
            return switch (program) {
                case "redirect" -> part.redirect(0).flags(flags);
                case "drop" -> part.returns(0);
                default -> part;
            };
        }

        /** One byte in, and more put in for each byte judged: that has no end but our own. */
        boolean growsForEver() {
            return apply > 0 && edit[3] - edit[5] >= apply;
        }

        boolean isTedious(int[] shape) {
            return apply > 0 && shape[0] * shape[1] / apply > MOST_RUNS;
        }
    }

    @ParameterizedTest
    @CsvSource({"pass, 0", "redirect, 0", "redirect, 1", "drop, 0"})
    void grid(String program, int flags) {
        try (var network = new Network(new Limits(1 << 28, 1 << 28), delivery)) {
            var bench = new Bench(network, program, flags);
            for (int[] shape : SHAPES) {
                for (int[] edit : EDITS) grid(bench, shape, edit);
            }
        }
    }

    private void grid(Bench bench, int[] shape, int[] edit) {
        for (int apply : APPLY) {
            for (int cork : CORK) {
                var numbers = new Numbers(apply, cork, edit);
                if (!numbers.growsForEver() && !numbers.isTedious(shape))
                    bench.check(numbers, shape);
            }
        }
    }

    /** The program with its target. */
    private final class Bench {
        private final Network network;
        private final String program;
        private final int flags;
        private final UserObject object;
        private final Connection target;

        Bench(Network network, String program, int flags) {
            this.network = network;
            this.program = program;
            this.flags = flags;
            object = network.load("msg-parameters");
            target = network.accepted();
            var targets = object.sockMap("targets");
            targets.update(0, target.socket(), UpdateFlag.ANY);
            targets.attach(object.program(program), AttachType.SK_MSG_VERDICT);
        }

        void check(Numbers numbers, int[] shape) {
            int[] all = numbers.all(flags);
            for (int i = 0; i < all.length; i++) {
                object.map("parameters").update(Bytes.u32(i), Bytes.u32(all[i]), UpdateFlag.ANY);
            }
            var model = new Model(List.of(numbers.part(program, flags)), delivery);
            var source = network.connected();
            object.sockMap("targets").update(1, source.socket(), UpdateFlag.ANY);
            var words =
                    "parameters %s, shape %s"
                            .formatted(Arrays.toString(all), Arrays.toString(shape));

            for (int i = 0; i < shape[2]; i++) {
                var bytes = Bytes.of(Bytes.pattern(shape[0] * shape[1]));
                var sending = source.sends(cut(bytes, shape[1]));
                assertThat(new Model.Result(sending.accepted(), sending.errno()))
                        .as("%s, send %d", words, i)
                        .isEqualTo(model.send(bytes));
            }
            source.shutsOutput();
            model.shutdown();

            assertThat(went(source)).as(words).isEqualTo(model.went());
            object.sockMap("targets").delete(1);
        }

        private Map<String, String> went(Connection source) {
            var all = new TreeMap<String, String>();
            all.put("peer", source.peer().received());
            all.put("egress 0", target.peer().received());
            all.put("ingress 0", target.reads());
            all.values().removeIf(String::isEmpty);
            return all;
        }
    }

    private static ByteBuffer[] cut(byte[] bytes, int size) {
        List<ByteBuffer> buffers = new ArrayList<>();
        for (int at = 0; at < bytes.length; at += size) {
            buffers.add(ByteBuffer.wrap(bytes, at, size));
        }
        return buffers.toArray(ByteBuffer[]::new);
    }
}
