package io.jsockmap.sockmap.socket;

import io.jsockmap.bpf.memory.ByteRegion;
import io.jsockmap.bpf.memory.Memory;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** A message on its way out: the object behind {@code struct sk_msg_md}. */
public final class SkMsg implements Message {
    /** As much as the kernel's ring of 17 elements of 32 KiB takes; a longer send is cut. */
    public static final int MAX_SIZE = 17 * 32768;

    private final Sock socket;
    private final Chunk bytes;
    private final ByteRegion packet;
    private Redirect redirect;

    SkMsg(Sock socket, Chunk bytes) {
        this.socket = socket;
        this.bytes = bytes;
        var all = MemorySegment.ofArray(bytes.array());
        packet = ByteRegion.of("message", all.asSlice(bytes.offset(), bytes.length()));
    }

    @Override
    public Sock socket() {
        return socket;
    }

    /** Bytes of the whole message. */
    public int size() {
        return bytes.length();
    }

    /** Address of the first byte that can be read directly. */
    public long data(Memory memory) {
        return memory.addressOf(packet);
    }

    /** Address behind the last byte that can be read directly. */
    public long dataEnd(Memory memory) {
        return memory.addressOf(packet) + packet.size();
    }

    @Override
    public void redirectTo(Redirect redirect) {
        this.redirect = redirect;
    }

    @Override
    public Redirect redirect() {
        return redirect;
    }

    @Override
    public ByteBuffer buffer() {
        return bytes.buffer();
    }
}
