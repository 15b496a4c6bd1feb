package io.jsockmap.sockmap.socket;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.memory.Memory;
import io.jsockmap.bpf.memory.PacketBytes;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a parser or a receive verdict looks at: the object behind {@code struct __sk_buff}. Its
 * first bytes, the linear part, can be read directly; helpers reach all.
 *
 * <p>Helpers give 0 or an errno, negative; those that may move bytes are to be followed by {@link
 * #movePacket}.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.MessageExamples" region="received"}
 */
public final class SkBuff extends Message implements PacketBytes {
    /** SKB_MAX_ALLOC on x86-64: no buffer is made longer by a program. */
    private static final int LONGEST = 16064;

    /** BPF_F_RECOMPUTE_CSUM and BPF_F_INVALIDATE_HASH: there is no checksum here, nor a hash. */
    private static final long STORE_FLAGS = 3;

    private static final int MOST_ROOM = 0xfff;

    private Chunk bytes;
    private int linear;
    private long priority;
    private long tcIndex;

    SkBuff(Sock socket, Chunk bytes, Delivery delivery) {
        super(socket);
        this.bytes = bytes;
        linear = delivery.linear(socket.kind(), bytes.length());
    }

    @Override
    public int length() {
        return bytes.length();
    }

    @Override
    public byte[] copy() {
        return bytes.copy();
    }

    @Override
    public Optional<byte[]> start(int most) {
        if (bytes.source() != null) return Optional.empty();
        return Optional.of(bytes.first(Math.min(most, length())).copy());
    }

    @Override
    Chunk visible() {
        return bytes.first(linear);
    }

    @Override
    public MemorySegment packetBytes() {
        return segment(0, length());
    }

    /** The bytes as the program left them. */
    Chunk bytes() {
        return bytes;
    }

    /**
     * Copies bytes from an offset on (bpf_skb_load_bytes); EFAULT if there are not so many.
     *
     * @param to where in the run's memory they go
     */
    public long load(long offset, Memory memory, long to, long size) {
        if (offset + size > length()) {
            memory.clear(to, size);
            return Errno.EFAULT.negative();
        }
        memory.write(to, size, MemorySegment.ofArray(bytes.array()), bytes.offset() + offset);
        return 0;
    }

    /** Overwrites bytes from an offset on (bpf_skb_store_bytes). */
    public long store(long offset, MemorySegment from, long flags) {
        if ((flags & ~STORE_FLAGS) != 0) return Errno.EINVAL.negative();
        if (offset + from.byteSize() > length()) return Errno.EFAULT.negative();
        segment(offset, from.byteSize()).copyFrom(from);
        // The kernel pulls what it writes to, and so all before it.
        linear = (int) Math.max(linear, offset + from.byteSize());
        return 0;
    }

    private MemorySegment segment(long offset, long size) {
        return MemorySegment.ofArray(bytes.array()).asSlice(bytes.offset() + offset, size);
    }

    /** Makes the first bytes linear, 0 for those that are (bpf_skb_pull_data). */
    public long pull(long count) {
        if (count > length()) return Errno.ENOMEM.negative();
        linear = Math.max(linear, (int) count);
        return 0;
    }

    /** Cuts the end off, or adds zeros there; all is linear then (bpf_skb_change_tail). */
    public long changeTail(long newLength, long flags) {
        if (flags != 0 || newLength > LONGEST) return Errno.EINVAL.negative();
        int length = (int) newLength;
        bytes = length <= length() ? bytes.first(length) : Chunk.of(Arrays.copyOf(copy(), length));
        linear = length;
        return 0;
    }

    /** Puts zeros in front (bpf_skb_change_head). */
    public long changeHead(long room, long flags) {
        if (flags != 0 || length() + room > LONGEST) return Errno.EINVAL.negative();
        putInFront((int) room);
        return 0;
    }

    /** Puts zeros in front, or takes bytes away there (bpf_skb_adjust_room). */
    public long adjustRoom(int difference, long mode, long flags) {
        if (mode != 0 || flags != 0) return Errno.EINVAL.negative();
        if (Math.abs((long) difference) > MOST_ROOM) return Errno.EFAULT.negative();
        if (-difference > length()) return Errno.ENOMEM.negative();
        if (difference >= 0) {
            putInFront(difference);
        } else {
            bytes = bytes.from(-difference);
            linear = Math.max(0, linear + difference);
        }
        return 0;
    }

    private void putInFront(int room) {
        if (room == 0) return;
        var longer = new byte[room + length()];
        System.arraycopy(bytes.array(), bytes.offset(), longer, room, length());
        bytes = Chunk.of(longer);
        // The new bytes are in the head of the buffer, whatever lies behind it.
        linear += room;
    }

    public long priority() {
        return priority;
    }

    public void setPriority(long priority) {
        this.priority = priority;
    }

    public long tcIndex() {
        return tcIndex;
    }

    public void setTcIndex(long tcIndex) {
        this.tcIndex = tcIndex;
    }
}
