package io.jsockmap.testkit.pcap;

import java.io.IOException;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The classic format: a header, and packets behind it. */
final class PcapFile implements PacketSource {
    private static final int REST_OF_HEADER = 20;
    private static final int PACKET_HEADER = 16;
    private static final int VERSION = 2;
    private static final int NANOS_OF_A_MICRO = 1000;

    /** Above it are the length of a checksum, and flags. */
    private static final int LINK_TYPE = 0xffff;

    private final Input in;
    private final ByteOrder order;
    private final int unit;
    private final int link;
    private long number;

    private PcapFile(Input in, ByteOrder order, int unit, int link) {
        this.in = in;
        this.order = order;
        this.unit = unit;
        this.link = link;
    }

    /** Of a file of which the first four bytes have been read. */
    static PcapFile of(Input in, ByteOrder order, boolean nanoseconds) throws IOException {
        long at = in.offset();
        var header = in.read(REST_OF_HEADER, "the header").in(order);
        int version = header.u16(0);
        if (version != VERSION) {
            throw in.malformed(at, "version %d of pcap is not known, 2 is".formatted(version));
        }
        return new PcapFile(
                in, order, nanoseconds ? 1 : NANOS_OF_A_MICRO, header.i32(16) & LINK_TYPE);
    }

    @Override
    public Optional<Packet> next() throws IOException {
        long at = in.offset();
        var read = in.readUnlessOver(PACKET_HEADER, "the header of packet " + (number + 1));
        if (read.isEmpty()) return Optional.empty();
        var header = read.get().in(order);
        number++;
        long captured = header.u32(8);
        if (captured > Packet.LONGEST) {
            throw in.malformed(
                    at,
                    "packet %d has %,d bytes, but none has more than %,d"
                            .formatted(number, captured, Packet.LONGEST));
        }
        var bytes = in.read((int) captured, "packet " + number);
        var time = Instant.ofEpochSecond(header.u32(0), header.u32(4) * unit);
        long length = Math.max(captured, header.u32(12));
        return Optional.of(new Packet(number, time, link, bytes, length, List.of()));
    }
}
