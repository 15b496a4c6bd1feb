package io.jsockmap.sockmap.message;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** What the program msg-script does in one run, step by step; without a verdict it passes. */
public final class Part {
    static final int MOST_STEPS = 8;

    /** BPF_F_INGRESS. */
    static final long INGRESS = 1;

    /** In the order of the program's numbers. */
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

    /** A step, with what the program takes as u32 twice. */
    record Step(Operation operation, long a, long b, long flags) {
        static final int BYTES = 24;

        @SuppressWarnings("EnumOrdinal")
        byte[] encode() {
            return ByteBuffer.allocate(BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(operation.ordinal())
                    .putInt((int) a)
                    .putInt((int) b)
                    .putInt(0)
                    .putLong(flags)
                    .array();
        }

        @Override
        public String toString() {
            return "%s %d %d%s".formatted(operation, a, b, flags == 0 ? "" : " flags " + flags);
        }
    }

    private final List<Step> steps = new ArrayList<>();

    private Part() {}

    /** Nothing yet. */
    public static Part run() {
        return new Part();
    }

    /** Only a drop. */
    public static Part drop() {
        return run().returns(0);
    }

    List<Step> steps() {
        return steps;
    }

    public Part apply(long bytes) {
        return step(Operation.APPLY, bytes, 0, 0);
    }

    public Part cork(long bytes) {
        return step(Operation.CORK, bytes, 0, 0);
    }

    public Part pull(long start, long end) {
        return step(Operation.PULL, start, end, 0);
    }

    public Part push(long start, long count) {
        return step(Operation.PUSH, start, count, 0);
    }

    public Part pop(long start, long count) {
        return step(Operation.POP, start, count, 0);
    }

    /** Chooses the egress of the socket at an index of targets. */
    public Part redirect(int key) {
        return step(Operation.REDIRECT_MAP, key, 0, 0);
    }

    /** Chooses the ingress queue of the socket at an index of targets. */
    public Part redirectIn(int key) {
        return step(Operation.REDIRECT_MAP, key, 0, INGRESS);
    }

    public Part redirectByHash(int key, long flags) {
        return step(Operation.REDIRECT_HASH, key, 0, flags);
    }

    public Part store(int offset, int value) {
        return step(Operation.STORE, offset, value, 0);
    }

    public Part load(int offset) {
        return step(Operation.LOAD, offset, 0, 0);
    }

    /** Ends with a verdict. */
    public Part returns(int verdict) {
        return step(Operation.RETURN, verdict, 0, 0);
    }

    /** Ends with what the last step gave, as programs do with a redirect. */
    public Part returnsLast() {
        return step(Operation.RETURN_LAST, 0, 0, 0);
    }

    /** Drops if the last step gave an errno. */
    public Part dropsOnFailure() {
        return step(Operation.DROP_ON_FAILURE, 0, 0, 0);
    }

    /** Gives the step before it flags. */
    public Part flags(long flags) {
        var last = steps.removeLast();
        return step(last.operation, last.a, last.b, flags);
    }

    Part step(Operation operation, long a, long b, long flags) {
        if (steps.size() == MOST_STEPS) throw new IllegalStateException("too many steps");
        steps.add(new Step(operation, a, b, flags));
        return this;
    }

    @Override
    public String toString() {
        return steps.toString();
    }
}
