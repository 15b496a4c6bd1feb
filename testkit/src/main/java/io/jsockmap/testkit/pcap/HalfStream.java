package io.jsockmap.testkit.pcap;

import io.jsockmap.testkit.pcap.Transported.Segment;

import java.io.IOException;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One direction of a TCP connection, put together: each byte once, in its place. Places are counted
 * from the first byte, 0, so that they don't wrap around as sequence numbers do.
 */
final class HalfStream {
    private final Budget budget;
    private final Sink sink;

    /** What came before its turn, by its place. */
    private final TreeMap<Long, Held> held = new TreeMap<>();

    private long heldBytes;
    private boolean known;

    /** Sequence number of the byte at place 0. */
    private int first;

    /** Place of the byte that is looked for. */
    private long next;

    /** Place behind the last byte of which is known that it was sent. */
    private long sent;

    private Optional<Finish> finish = Optional.empty();
    private boolean finished;
    private String cut = "";

    /** Where the bytes go. */
    interface Sink {
        void bytes(byte[] bytes, Packet packet);

        /** Behind the last byte. */
        void end(Packet packet);
    }

    private record Held(byte[] bytes, Packet packet) {}

    private record Finish(long place, Packet packet) {}

    HalfStream(Budget budget, Sink sink) {
        this.budget = budget;
        this.sink = sink;
    }

    /** Whether anything of its numbers is known. */
    boolean isKnown() {
        return known;
    }

    /** Whether a SYN of this number is the one that it began with. */
    boolean beganWith(int seq) {
        return first == seq + 1;
    }

    /** Its first byte has this number. */
    void begin(int seq) {
        known = true;
        first = seq;
    }

    /** Whether all was seen, its end too. */
    boolean isFinished() {
        return finished;
    }

    private long place(int seq) {
        // The nearest of those that the number can mean.
        return next + (seq - (int) (first + next));
    }

    void take(Segment segment) throws IOException {
        int seq = segment.is(Segment.SYN) ? segment.seq() + 1 : segment.seq();
        if (!known) begin(seq);
        long at = place(seq);
        var payload = segment.payload();
        long behind = at + payload.length() + segment.missing();
        sent = Math.max(sent, behind);
        if (segment.is(Segment.FIN) && finish.isEmpty()) {
            finish = Optional.of(new Finish(behind, segment.packet().withoutBytes()));
        }
        if (isCut() || finished) return;
        put(at, payload, segment.packet());
        drain();
    }

    /** The other side has all before this number. */
    void acknowledged(int seq) {
        if (!known) return;
        // The end of the stream counts for a byte, and it need not have been captured.
        if (place(seq) > sent + 1) sent = place(seq);
    }

    private void put(long at, View payload, Packet packet) throws IOException {
        if (at > next) {
            hold(at, payload, packet);
            return;
        }
        long known = next - at;
        if (known < payload.length()) deliver(payload.from((int) known).copy(), packet);
    }

    private void deliver(byte[] bytes, Packet packet) throws IOException {
        budget.take(bytes.length);
        next += bytes.length;
        sink.bytes(bytes, packet);
    }

    private void hold(long at, View payload, Packet packet) throws IOException {
        if (payload.length() == 0) return;
        var there = held.get(at);
        if (there != null && there.bytes.length >= payload.length()) return;
        if (there != null) release(at);
        budget.take(payload.length());
        held.put(at, new Held(payload.copy(), packet.withoutBytes()));
        heldBytes += payload.length();
        if (heldBytes > budget.heldBytes()) cut();
    }

    private Held release(long at) {
        var released = held.remove(at);
        heldBytes -= released.bytes.length;
        budget.giveBack(released.bytes.length);
        return released;
    }

    private void drain() throws IOException {
        while (!held.isEmpty() && held.firstKey() <= next) {
            long at = held.firstKey();
            var ready = release(at);
            put(at, View.of(ready.bytes), ready.packet);
        }
        if (finished || finish.isEmpty() || finish.get().place > next) return;
        finished = true;
        sink.end(finish.get().packet);
    }

    private boolean isCut() {
        return !cut.isEmpty();
    }

    private void cut() {
        var gap =
                held.isEmpty() ? "" : " (before packet %d)".formatted(firstHeld().packet.number());
        long last = (held.isEmpty() ? end() : held.firstKey()) - 1;
        cut =
                "%s missing%s: the stream is cut there"
                        .formatted(
                                last == next
                                        ? "byte %d is".formatted(next)
                                        : "bytes %d to %d are".formatted(next, last),
                                gap);
        while (!held.isEmpty()) release(held.firstKey());
    }

    private Held firstHeld() {
        return held.firstEntry().getValue();
    }

    /** Nothing more comes: what is missing, in words, or nothing. */
    String finish() {
        if (!isCut() && end() > next) cut();
        return cut;
    }

    private long end() {
        return finish.map(Finish::place).orElse(sent);
    }
}
