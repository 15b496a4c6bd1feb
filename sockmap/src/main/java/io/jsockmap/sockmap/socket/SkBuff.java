package io.jsockmap.sockmap.socket;

import io.jsockmap.bpf.memory.ByteRegion;
import io.jsockmap.bpf.memory.Memory;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** What a parser or a receive verdict looks at: the object behind {@code struct __sk_buff}. */
public final class SkBuff implements Message {
    private final Sock socket;
    private final Chunk bytes;
    private ByteRegion packet;
    private Redirect redirect;
    private long priority;
    private long tcIndex;

    SkBuff(Sock socket, Chunk bytes) {
        this.socket = socket;
        this.bytes = bytes;
        packet = region();
    }

    private ByteRegion region() {
        var all = MemorySegment.ofArray(bytes.array());
        return ByteRegion.of("packet", all.asSlice(bytes.offset(), bytes.length()));
    }

    @Override
    public Sock socket() {
        return socket;
    }

    /** Bytes of the message. */
    public int length() {
        return bytes.length();
    }

    /** The bytes themselves. */
    public MemorySegment bytes() {
        return packet.segment();
    }

    /** Address of the first byte that can be read directly. */
    public long data(Memory memory) {
        return memory.addressOf(packet);
    }

    /** Address behind the last byte that can be read directly. */
    public long dataEnd(Memory memory) {
        return memory.addressOf(packet) + packet.size();
    }

    /** Makes pointers into the packet invalid, as helpers do that may move its bytes. */
    public void movePacket(Memory memory) {
        memory.revoke(packet);
        packet = region();
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
