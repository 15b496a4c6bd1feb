package io.jsockmap.bench.speed;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.memory.ByteRegion;
import io.jsockmap.bpf.memory.Memory;
import io.jsockmap.bpf.memory.PacketBytes;

import java.lang.foreign.MemorySegment;

/** A packet that programs are run on again and again; they don't change it. */
final class Packet implements PacketBytes {
    private final ByteRegion bytes;

    Packet(byte[] bytes) {
        this.bytes = ByteRegion.of("packet", MemorySegment.ofArray(bytes.clone()));
    }

    long length() {
        return bytes.size();
    }

    /** The address of the first byte. */
    long data(Memory memory) {
        return memory.enterPacket(bytes);
    }

    /** The address behind the last byte. */
    long dataEnd(Memory memory) {
        return data(memory) + length();
    }

    /** Copies bytes from an offset on, as bpf_skb_load_bytes does. */
    long load(long offset, Memory memory, long to, long size) {
        if (offset + size > length()) {
            memory.clear(to, size);
            return Errno.EFAULT.negative();
        }
        memory.write(to, size, bytes.segment(), offset);
        return 0;
    }

    @Override
    public MemorySegment packetBytes() {
        return bytes.segment();
    }
}
