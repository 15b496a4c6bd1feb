package io.jsockmap.sockmap.socket;

import io.jsockmap.bpf.memory.ByteRegion;
import io.jsockmap.bpf.memory.Memory;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Bytes that a program judges, and may send elsewhere. */
public abstract sealed class Message permits SkBuff, SkMsg {
    private final Sock socket;
    private final Chunk bytes;
    private ByteRegion packet;
    private Redirect redirect;

    Message(Sock socket, Chunk bytes) {
        this.socket = socket;
        this.bytes = bytes;
        packet = region();
    }

    private ByteRegion region() {
        var all = MemorySegment.ofArray(bytes.array());
        return ByteRegion.of("packet", all.asSlice(bytes.offset(), bytes.length()));
    }

    /** The socket that received the bytes, or shall send them. */
    public Sock socket() {
        return socket;
    }

    /** How many bytes it has. */
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

    /** Chooses where the message goes; null for nowhere. */
    public void redirectTo(Redirect redirect) {
        this.redirect = redirect;
    }

    /** Where it goes, or null. */
    Redirect redirect() {
        return redirect;
    }

    /** Its bytes, as the program left them. */
    ByteBuffer buffer() {
        return bytes.buffer();
    }
}
