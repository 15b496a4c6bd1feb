package io.jsockmap.conformance.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.IndexKey;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.SockmapObject;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.socket.SockmapSocket;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The object {@code msg-script}: its sk_msg program does what is written here, a part for each run;
 * all runs behind the last part do that part again.
 */
public final class MsgScript {
    private static final int STEPS = 8;
    private static final int STEP = 24;

    private final SockmapObject object;
    private final BpfMap script;
    private final BpfMap runs;
    private int parts;

    private MsgScript(SockmapObject object) {
        this.object = object;
        script = object.map("script");
        runs = object.map("runs");
    }

    /** What a program can do, by its number in C. */
    enum Operation {
        END,
        APPLY,
        CORK,
        PULL,
        PUSH,
        POP,
        REDIRECT_MAP,
        REDIRECT_HASH,
        STORE,
        LOAD,
        RETURN,
        RETURN_LAST,
        DROP_ON_FAILURE
    }

    /** One thing to do. */
    public record Step(Operation operation, long a, long b, long flags) {
        private static Step of(Operation operation, long a, long b) {
            return new Step(operation, a, b, 0);
        }

        public static Step apply(long bytes) {
            return of(Operation.APPLY, bytes, 0);
        }

        public static Step cork(long bytes) {
            return of(Operation.CORK, bytes, 0);
        }

        public static Step pull(long start, long end) {
            return of(Operation.PULL, start, end);
        }

        public static Step push(long start, long length) {
            return of(Operation.PUSH, start, length);
        }

        public static Step pop(long start, long length) {
            return of(Operation.POP, start, length);
        }

        /** A byte that can be seen is overwritten. */
        public static Step store(long at, char value) {
            return of(Operation.STORE, at, value);
        }

        public static Step load(long at) {
            return of(Operation.LOAD, at, 0);
        }

        public static Step redirect(long index) {
            return of(Operation.REDIRECT_MAP, index, 0);
        }

        public static Step redirectToIngress(long index) {
            return new Step(Operation.REDIRECT_MAP, index, 0, 1);
        }

        public static Step redirectByKey(long key) {
            return of(Operation.REDIRECT_HASH, key, 0);
        }

        public static Step returns(int verdict) {
            return of(Operation.RETURN, verdict, 0);
        }

        public static Step drop() {
            return returns(0);
        }

        /** With the flags of the helper. */
        public Step withFlags(long flags) {
            return new Step(operation, a, b, flags);
        }

        /** The verdict is what the step before gave. */
        public static Step returnsLast() {
            return of(Operation.RETURN_LAST, 0, 0);
        }
    }

    /**
     * What one step gave, and left.
     *
     * @param result what the helper returned
     * @param size bytes of the message behind it
     * @param visible bytes that can be read directly
     */
    public record Outcome(long result, int size, int visible) {}

    /**
     * What a run saw.
     *
     * @param first the first byte, or -1 if it was not to be seen
     */
    public record Run(int size, int visible, int first, List<Outcome> steps) {
        /** What each step gave. */
        public List<Long> results() {
            return steps.stream().map(Outcome::result).toList();
        }
    }

    /** Loads it, and attaches the program to the map of senders. */
    public static MsgScript load(Lab lab) {
        var object = lab.load("msg-script");
        object.sockMap("senders").attach(object.program("play"), AttachType.SK_MSG_VERDICT);
        return new MsgScript(object);
    }

    public SockmapObject object() {
        return object;
    }

    /** What the next run does, and all behind it until another part is added. */
    public MsgScript then(Step... steps) {
        for (int i = 0; i <= steps.length && i < STEPS; i++) {
            var step = i < steps.length ? steps[i] : Step.of(Operation.END, 0, 0);
            script.update(IndexKey.of((long) parts * STEPS + i), encoded(step), UpdateFlag.ANY);
        }
        parts++;
        object.variable("parts").set(parts);
        return this;
    }

    private static byte[] encoded(Step step) {
        return ByteBuffer.allocate(STEP)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(step.operation.ordinal())
                .putInt((int) step.a)
                .putInt((int) step.b)
                .putInt(0)
                .putLong(step.flags)
                .array();
    }

    /** A socket whose sends are judged. */
    public MsgScript sender(long index, SockmapSocket socket) {
        object.sockMap("senders").update(index, socket, UpdateFlag.ANY);
        return this;
    }

    /** A socket that can be redirected to. */
    public MsgScript target(long index, SockmapSocket socket) {
        object.sockMap("targets").update(index, socket, UpdateFlag.ANY);
        return this;
    }

    public MsgScript hashTarget(long key, SockmapSocket socket) {
        object.sockHash("hash_targets").update(IndexKey.of(key), socket, UpdateFlag.ANY);
        return this;
    }

    /** How often the program has run. */
    public int count() {
        return (int) object.variable("count").value();
    }

    /** The program ran on messages of those sizes, and on no others. */
    public void ranOn(Integer... sizes) {
        assertThat(runs().stream().map(Run::size)).containsExactly(sizes);
    }

    public List<Run> runs() {
        List<Run> all = new ArrayList<>();
        for (int i = 0; i < count(); i++) all.add(run(i));
        return all;
    }

    public Run run(int number) {
        var log = ByteBuffer.wrap(runs.lookup(IndexKey.of(number)).orElseThrow());
        log.order(ByteOrder.LITTLE_ENDIAN);
        int size = log.getInt();
        int visible = log.getInt();
        int first = log.getInt();
        int performed = log.getInt();
        List<Outcome> steps = new ArrayList<>();
        for (int i = 0; i < performed; i++) {
            steps.add(new Outcome(log.getLong(), log.getInt(), log.getInt()));
        }
        return new Run(size, visible, first, steps);
    }
}
