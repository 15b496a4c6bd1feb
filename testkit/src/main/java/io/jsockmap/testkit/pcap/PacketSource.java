package io.jsockmap.testkit.pcap;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Optional;

/** The packets of a file, one after the other. */
interface PacketSource {
    int MICROSECONDS = 0xa1b2c3d4;
    int NANOSECONDS = 0xa1b23c4d;
    int MODIFIED = 0xa1b2cd34;
    int PCAPNG = 0x0a0d0d0a;
    int GZIP = 0x1f8b;

    /** The next packet; nothing at the end of the file. */
    Optional<Packet> next() throws IOException;

    /** What a file is, by its first bytes. */
    static PacketSource of(Input in) throws IOException {
        var magic =
                in.readUnlessOver(Integer.BYTES, "the first four bytes")
                        .orElseThrow(() -> in.malformed(0, "the file is empty, and so no capture"));
        if (magic.i32(0) == PCAPNG) return new PcapngFile(in);
        for (var order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
            switch (magic.in(order).i32(0)) {
                case MICROSECONDS -> {
                    return PcapFile.of(in, order, false);
                }
                case NANOSECONDS -> {
                    return PcapFile.of(in, order, true);
                }
                case MODIFIED ->
                        throw in.malformed(
                                0,
                                "this is pcap as modified by Kuznetzov, which is not read: convert"
                                        + " it");
                default -> {}
            }
        }
        if (magic.u16(0) == GZIP) {
            throw in.malformed(0, "the file is compressed: unpack it by gunzip first");
        }
        throw in.malformed(0, "neither pcap nor pcapng begins with %08x".formatted(magic.i32(0)));
    }
}
