package io.jsockmap.sockmap.socket;

import io.jsockmap.bpf.Errno;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A message on its way out: the object behind {@code struct sk_msg_md}. A ring of at most 17
 * elements, of which a program sees one directly: the first, or what it pulled.
 *
 * <p>Helpers give 0 or an errno, negative; they are to be followed by {@link #movePacket}.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.MessageExamples" region="sent"}
 */
public final class SkMsg extends Message {
    /** Elements of a ring (MAX_SKB_FRAGS of the kernel). */
    static final int ELEMENTS = 17;

    /** The longest element of what a socket sends: an order-3 page. */
    static final int ELEMENT_SIZE = 32768;

    /** As much as a ring takes; a longer send is cut. */
    public static final int MAX_SIZE = ELEMENTS * ELEMENT_SIZE;

    /** The longest piece of memory that the kernel's allocator gives. */
    private static final int LONGEST_PIECE = 1 << 22;

    /**
     * How many bytes programs may put into a message: one that is judged for ever must not grow.
     */
    private static final int MOST_PUSHED = 4 * LONGEST_PIECE;

    private final Delivery delivery;
    private final List<Chunk> elements = new ArrayList<>(1);
    private final Origins origins = new Origins();
    private int length;
    private Chunk visible;
    private long applyBytes;
    private long corkBytes;
    private long pushed;

    /**
     * @param delivery how much of it a program sees without asking for more
     */
    SkMsg(Sock socket, Delivery delivery) {
        super(socket);
        this.delivery = delivery;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public byte[] copy() {
        return joined(elements).copy();
    }

    @Override
    public Optional<byte[]> start(int most) {
        var start = new ByteArrayOutputStream();
        for (var element : elements) {
            if (start.size() == most) break;
            if (element.source() != null) return Optional.empty();
            int count = Math.min(most - start.size(), element.length());
            start.write(element.array(), element.offset(), count);
        }
        return Optional.of(start.toByteArray());
    }

    @Override
    Chunk visible() {
        if (visible == null) visible = elements.isEmpty() ? Chunk.NONE : elements.getFirst();
        return visible;
    }

    @Override
    void beginRun() {
        super.beginRun();
        if (delivery == Delivery.HOSTILE) cutFirst();
        showFirst();
    }

    @Override
    public boolean waitsForMore() {
        return corkBytes > length && !isFull();
    }

    @Override
    void forgetRequests() {
        applyBytes = 0;
        corkBytes = 0;
    }

    /** How many bytes the verdict is for; 0 for the message (bpf_msg_apply_bytes). */
    public long applyBytes() {
        return applyBytes;
    }

    public void setApplyBytes(long bytes) {
        applyBytes = bytes;
    }

    /** How many bytes the program wants to see before it judges (bpf_msg_cork_bytes). */
    public long corkBytes() {
        return corkBytes;
    }

    public void setCorkBytes(long bytes) {
        corkBytes = bytes;
    }

    /** Whether the ring is full: nothing more is added, and nothing waited for. */
    boolean isFull() {
        return elements.size() >= ELEMENTS || length >= MAX_SIZE;
    }

    boolean isOnePiece() {
        return elements.size() == 1;
    }

    /** Which of its bytes senders gave. */
    Origins origins() {
        return origins;
    }

    /** The last element, or null. */
    Chunk last() {
        return elements.isEmpty() ? null : elements.getLast();
    }

    /** Adds an element. */
    void add(Chunk element) {
        elements.add(element);
        length += element.length();
    }

    /** Replaces the last element by one that goes on behind it. */
    void extendLast(Chunk longer) {
        length += longer.length() - elements.removeLast().length();
        elements.add(longer);
    }

    // --- What programs do to it ------------------------------------------------------------------

    /** Shows bytes of the message in one piece (bpf_msg_pull_data). */
    public long pull(long start, long end, long flags) {
        if (flags != 0 || end <= start || end > length) return Errno.EINVAL.negative();
        int first = elementAt((int) start);
        int last = elementAt((int) end - 1);
        if (first != last) {
            if (startOf(last + 1) - startOf(first) > LONGEST_PIECE) return Errno.ENOMEM.negative();
            merge(first, last);
        }
        visible = elements.get(first).from((int) start - startOf(first)).first((int) (end - start));
        return 0;
    }

    /** Inserts zeros before a byte, or behind the last (bpf_msg_push_data). */
    public long push(long start, long count, long flags) {
        if (flags != 0) return Errno.EINVAL.negative();
        if (count == 0) return 0;
        if (start > length) return Errno.EINVAL.negative();
        if (count > LONGEST_PIECE || pushed + count > MOST_PUSHED) return Errno.ENOMEM.negative();
        int at = start == length ? elements.size() : elementAt((int) start);
        int inside = at == elements.size() ? 0 : (int) start - startOf(at);
        int needed = inside == 0 ? 1 : 2;
        if (elements.size() + needed > ELEMENTS) return pushInto((int) start, (int) count);
        if (inside > 0) split(at++, inside);
        elements.add(at, Chunk.of(new byte[(int) count]));
        grown((int) start, (int) count);
        return 0;
    }

    /** Without a free element the one at that place grows. */
    private long pushInto(int start, int count) {
        int at = start == length ? elements.size() - 1 : elementAt(start);
        var old = elements.get(at);
        if ((long) old.length() + count > LONGEST_PIECE) return Errno.ENOMEM.negative();
        int inside = start - startOf(at);
        var grown = new byte[old.length() + count];
        System.arraycopy(old.array(), old.offset(), grown, 0, inside);
        System.arraycopy(
                old.array(), old.offset() + inside, grown, inside + count, old.length() - inside);
        elements.set(at, Chunk.of(grown));
        grown(start, count);
        return 0;
    }

    private void grown(int start, int count) {
        origins.insert(start, count);
        length += count;
        pushed += count;
        showFirst();
    }

    /** Takes bytes out (bpf_msg_pop_data). */
    public long pop(long start, long count, long flags) {
        if (flags != 0) return Errno.EINVAL.negative();
        if (count == 0) return 0;
        if (start >= length || start + count > length) return Errno.EINVAL.negative();
        origins.remove((int) start, (int) count);
        var tail = elementsFrom((int) (start + count));
        cutTo((int) start);
        for (var element : tail) add(element);
        // Bytes taken out of the middle of an element leave two: one too many for a full ring.
        if (elements.size() > ELEMENTS) merge(ELEMENTS - 1, ELEMENTS);
        showFirst();
        return 0;
    }

    /** Takes the first bytes away and gives them. */
    List<Chunk> take(int count) {
        if (count == length) return takeAll();
        var rest = elementsFrom(count);
        cutTo(count);
        var taken = takeAll();
        rest.forEach(this::add);
        return taken;
    }

    private List<Chunk> takeAll() {
        var taken = List.copyOf(elements);
        elements.clear();
        length = 0;
        return taken;
    }

    private List<Chunk> elementsFrom(int start) {
        List<Chunk> all = new ArrayList<>();
        int at = 0;
        for (var element : elements) {
            int skipped = Math.clamp(start - at, 0, element.length());
            if (skipped < element.length()) all.add(element.from(skipped));
            at += element.length();
        }
        return all;
    }

    private void cutTo(int end) {
        int at = 0;
        for (int i = 0; i < elements.size(); i++) {
            int kept = Math.clamp(end - at, 0, elements.get(i).length());
            at += elements.get(i).length();
            elements.set(i, elements.get(i).first(kept));
        }
        elements.removeIf(element -> element.length() == 0);
        length = end;
    }

    private void split(int element, int inside) {
        var all = elements.get(element);
        elements.set(element, all.first(inside));
        elements.add(element + 1, all.from(inside));
    }

    private void showFirst() {
        if (delivery == Delivery.WHOLE && elements.size() > 1) merge(0, elements.size() - 1);
        visible = null;
    }

    /** The smallest first element that is legal, where the ring has room for the other part. */
    private void cutFirst() {
        if (isFull() || elements.isEmpty() || elements.getFirst().length() == 1) return;
        split(0, 1);
    }

    private void merge(int first, int last) {
        var touched = elements.subList(first, last + 1);
        var one = joined(touched);
        touched.clear();
        elements.add(first, one);
    }

    /** Some pieces as one, which is a copy unless there is one only. */
    static Chunk joined(List<Chunk> pieces) {
        if (pieces.size() == 1) return pieces.getFirst();
        var all = new byte[pieces.stream().mapToInt(Chunk::length).sum()];
        int at = 0;
        for (var piece : pieces) {
            System.arraycopy(piece.array(), piece.offset(), all, at, piece.length());
            at += piece.length();
        }
        return Chunk.of(all);
    }

    private int elementAt(int offset) {
        int i = 0;
        for (int end = elements.getFirst().length(); end <= offset; i++) {
            end += elements.get(i + 1).length();
        }
        return i;
    }

    private int startOf(int element) {
        int start = 0;
        for (int i = 0; i < element; i++) start += elements.get(i).length();
        return start;
    }
}
