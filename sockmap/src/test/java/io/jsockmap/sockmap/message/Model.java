package io.jsockmap.sockmap.message;

import io.jsockmap.bpf.Errno;
import io.jsockmap.sockmap.message.Part.Operation;
import io.jsockmap.sockmap.message.Part.Step;
import io.jsockmap.sockmap.message.Seen.Outcome;
import io.jsockmap.sockmap.socket.Delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The algorithm of a sending socket whose messages a script judges, byte by byte and without a
 * thought for speed: what goes where, what the program sees, and what each send returns. There is
 * always room.
 */
public final class Model {
    private static final int TARGETS = 2;

    /** A byte of a message, and for how many bytes of senders it stands. */
    private static final class Cell {
        private byte value;
        private int promised;
        private int offered;

        Cell(byte value, int offered) {
            this.value = value;
            this.offered = offered;
        }
    }

    /** What a send returns. */
    public record Result(long accepted, int errno) {}

    private final List<Part> parts;
    private final Ring ring;
    final List<Seen> runs = new ArrayList<>();

    /** Bytes by where they went: "peer", or direction and key of a target. */
    private final TreeMap<String, StringBuilder> went = new TreeMap<>();

    /** Keys of targets whose egress is shut. */
    final List<Integer> shut = new ArrayList<>();

    // The message, or null; what was popped in front of its first byte; its requests; its cork.
    private List<Cell> message;
    private Cell front;
    private long applyRequest;
    private long corkRequest;
    private long wanted;

    // The verdict that holds.
    private enum Eval {
        NONE,
        PASS,
        DROP,
        REDIRECT
    }

    private Eval eval = Eval.NONE;
    private long apply;
    private Step target;

    private int pendingError;
    private long done;
    private long accepted;

    public Model(List<Part> parts, Delivery delivery) {
        this.parts = parts;
        ring = new Ring(delivery);
    }

    /** What went somewhere: to the "peer", or by direction and key, as in "ingress 0". */
    public Map<String, String> went() {
        var all = new TreeMap<String, String>();
        went.forEach((way, bytes) -> all.put(way, bytes.toString()));
        all.values().removeIf(String::isEmpty);
        return all;
    }

    // --- Calls -----------------------------------------------------------------------------------

    public Result send(byte[] bytes) {
        done = 0;
        accepted = 0;
        int taken = 0;
        while (taken < bytes.length) {
            if (pendingError != 0) {
                int error = pendingError;
                pendingError = 0;
                return end(error);
            }
            taken += append(bytes, taken);
            if (message.size() < wanted && !ring.isFull()) {
                hold();
                continue;
            }
            wanted = 0;
            int error = decide(false);
            if (error != 0) return end(error);
        }
        return end(0);
    }

    private Result end(int errno) {
        boolean dropped = errno == 0 && accepted < done;
        return new Result(accepted, dropped ? Errno.EACCES.number() : errno);
    }

    public void shutdown() {
        if (wanted == 0) return;
        wanted = 0;
        while (message != null) decide(true);
    }

    private int append(byte[] bytes, int from) {
        if (message == null) {
            message = new ArrayList<>();
            front = new Cell((byte) 0, 0);
            ring.clear();
            applyRequest = 0;
            corkRequest = 0;
        }
        int count = ring.append(bytes.length - from);
        for (int i = 0; i < count; i++) message.add(new Cell(bytes[from + i], 1));
        return count;
    }

    /** The message is held: its bytes are accepted. */
    private void hold() {
        long mine = hold(front);
        for (var cell : message) mine += hold(cell);
        accept(mine);
    }

    private static int hold(Cell cell) {
        int mine = cell.offered;
        cell.promised += mine;
        cell.offered = 0;
        return mine;
    }

    private void accept(long bytes) {
        if (bytes == 0) return;
        done += bytes;
        accepted = done;
    }

    // --- Verdicts --------------------------------------------------------------------------------

    /** Until the message is gone or held: 0, or why the call ends. */
    private int decide(boolean flushes) {
        while (message != null && wanted == 0) {
            if (eval == Eval.NONE && holds(flushes)) return 0;
            boolean all = apply == 0 || apply >= message.size();
            int count = all ? message.size() : (int) apply;
            if (eval == Eval.DROP) {
                done += take(count, null);
                if (all) return Errno.EACCES.number();
            } else if (eval == Eval.REDIRECT && isDead(target)) {
                boolean givesBack = !flushes && promised() == 0;
                long lost = take(count, null);
                if (givesBack) {
                    message = null;
                    return Errno.EPIPE.number();
                }
                accept(lost);
                pendingError = Errno.EPIPE.number();
            } else {
                accept(take(count, eval == Eval.PASS ? "peer" : name(target)));
            }
        }
        return 0;
    }

    private boolean isDead(Step step) {
        return step.flags() == 0 && shut.contains((int) step.a());
    }

    private static String name(Step step) {
        return (step.flags() == 0 ? "egress " : "ingress ") + step.a();
    }

    private long promised() {
        return front.promised + message.stream().mapToLong(cell -> cell.promised).sum();
    }

    /** Takes the first bytes off; gives how many of the present call they stand for. */
    private long take(int count, String to) {
        var taken = new ArrayList<>(message.subList(0, count));
        message.subList(0, count).clear();
        ring.take(count);
        if (to != null) {
            var text = went.computeIfAbsent(to, _ -> new StringBuilder());
            taken.forEach(cell -> text.append((char) (cell.value & 0xff)));
        }
        taken.add(front);
        long mine = taken.stream().mapToLong(cell -> cell.offered).sum();
        front = new Cell((byte) 0, 0);
        if (message.isEmpty()) message = null;
        apply = Math.max(0, apply - count);
        if (apply == 0) eval = Eval.NONE;
        return mine;
    }

    /** Runs the program; true if the message is held now. */
    private boolean holds(boolean flushes) {
        target = null;
        ring.beginRun();
        boolean passes = play(parts.get(Math.min(runs.size(), parts.size() - 1)));
        if (!flushes && corkRequest > message.size() && !ring.isFull()) {
            wanted = corkRequest;
            hold();
            return true;
        }
        apply = applyRequest;
        eval = !passes ? Eval.DROP : target == null ? Eval.PASS : Eval.REDIRECT;
        return false;
    }

    // --- The program -----------------------------------------------------------------------------

    private int visibleFrom;
    private int visibleTo;

    private boolean play(Part part) {
        showFirst();
        int size = message.size();
        int visible = visibleTo;
        int first = size == 0 ? -1 : message.getFirst().value & 0xff;
        List<Outcome> outcomes = new ArrayList<>();
        long last = 1;
        boolean passes = true;
        for (var step : part.steps()) {
            switch (step.operation()) {
                case RETURN -> passes = step.a() == 1;
                case RETURN_LAST -> passes = last == 1;
                default -> {
                    boolean checks = step.operation() == Operation.DROP_ON_FAILURE;
                    if (!checks) last = perform(step);
                    outcomes.add(new Outcome(last, message.size(), visibleTo - visibleFrom));
                    if (!checks || last >= 0) continue;
                    passes = false;
                }
            }
            break;
        }
        runs.add(new Seen(size, visible, first, outcomes));
        return passes;
    }

    private void showFirst() {
        visibleFrom = 0;
        visibleTo = ring.first();
    }

    private long perform(Step step) {
        long a = step.a();
        long b = step.b();
        return switch (step.operation()) {
            case APPLY -> {
                applyRequest = a;
                yield 0;
            }
            case CORK -> {
                corkRequest = a;
                yield 0;
            }
            case PULL -> step.flags() != 0 ? invalid() : pull(a, b);
            case PUSH -> step.flags() != 0 ? invalid() : push(a, b);
            case POP -> step.flags() != 0 ? invalid() : pop(a, b);
            case REDIRECT_MAP, REDIRECT_HASH -> {
                boolean chosen = step.flags() >> 1 == 0 && a < TARGETS;
                if (chosen) target = step;
                yield chosen ? 1 : 0;
            }
            case STORE -> {
                if (!isVisible(a)) yield -1;
                message.get(visibleFrom + (int) a).value = (byte) b;
                yield b;
            }
            case LOAD -> isVisible(a) ? message.get(visibleFrom + (int) a).value & 0xff : -1;
            default -> throw new IllegalStateException(step.toString());
        };
    }

    private static long invalid() {
        return Errno.EINVAL.negative();
    }

    private boolean isVisible(long offset) {
        return offset < visibleTo - visibleFrom && offset < 0x8000;
    }

    private long pull(long start, long end) {
        if (start >= end || end > message.size()) return invalid();
        ring.pull((int) start, (int) end);
        visibleFrom = (int) start;
        visibleTo = (int) end;
        return 0;
    }

    private long push(long start, long count) {
        if (count == 0) return 0;
        if (start > message.size()) return invalid();
        ring.push((int) start, (int) count);
        List<Cell> zeros = new ArrayList<>();
        for (int i = 0; i < count; i++) zeros.add(new Cell((byte) 0, 0));
        message.addAll((int) start, zeros);
        showFirst();
        return 0;
    }

    private long pop(long start, long count) {
        if (count == 0) return 0;
        if (start >= message.size() || start + count > message.size()) return invalid();
        ring.pop((int) start, (int) count);
        var heir = start == 0 ? front : message.get((int) start - 1);
        var gone = message.subList((int) start, (int) (start + count));
        gone.forEach(cell -> heir.promised += cell.promised);
        gone.forEach(cell -> heir.offered += cell.offered);
        gone.clear();
        showFirst();
        return 0;
    }
}
