package io.jsockmap.testkit.pcap;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The newer format: blocks, of which those that are not known are passed over. */
final class PcapngFile implements PacketSource {
    static final int SECTION_HEADER = 0x0a0d0d0a;
    static final int INTERFACE = 1;
    static final int OLD_PACKET = 2;
    static final int SIMPLE_PACKET = 3;
    static final int ENHANCED_PACKET = 6;
    static final int ORDER_MARK = 0x1a2b3c4d;
    static final int VERSION = 1;

    /** Type and length in front, the length again behind. */
    static final int AROUND = 12;

    static final int COMMENT = 1;
    private static final int HEADER = 8;
    private static final int PACKET_FIELDS = 20;
    private static final int SECTION_BODY = 16;

    /**
     * A block with a packet and what is said of it, in bytes. Others may be as long as they are.
     */
    private static final int LONGEST_BLOCK = 1 << 24;

    private static final int MOST_INTERFACES = 10_000;

    /**
     * Options of a block: each verdict on a message is one, and a packet may have many messages.
     */
    private static final int MOST_OPTIONS = 1 << 16;

    /** Bytes of all options of a block. */
    private static final int LONGEST_OPTIONS = 1 << 23;

    private final Input in;
    private final List<Interface> interfaces = new ArrayList<>();
    private ByteOrder order = ByteOrder.BIG_ENDIAN;
    private boolean begun;
    private long number;
    private Instant last = Instant.EPOCH;

    /** Of a file of which the first four bytes, the type of the first block, have been read. */
    PcapngFile(Input in) {
        this.in = in;
    }

    /** A block, of which type and length have been read. */
    private record Block(long at, int type, long length) {}

    @Override
    public Optional<Packet> next() throws IOException {
        while (true) {
            var next = header();
            if (next.isEmpty()) return Optional.empty();
            var block = next.get();
            var packet = read(block);
            if (packet.isPresent()) return packet;
        }
    }

    private Optional<Block> header() throws IOException {
        if (!begun) {
            begun = true;
            return Optional.of(section(in.offset() - Integer.BYTES));
        }
        long at = in.offset();
        var type = in.readUnlessOver(Integer.BYTES, "the type of a block");
        if (type.isEmpty()) return Optional.empty();
        // The same in both orders.
        if (type.get().i32(0) == SECTION_HEADER) return Optional.of(section(at));
        long length = in.read(Integer.BYTES, "the length of a block").in(order).u32(0);
        return Optional.of(checked(new Block(at, type.get().in(order).i32(0), length)));
    }

    /** What comes behind may have another order of bytes, and has interfaces of its own. */
    private Block section(long at) throws IOException {
        var start = in.read(HEADER, "a section's header");
        if (start.i32(4) == ORDER_MARK) order = ByteOrder.BIG_ENDIAN;
        else if (start.in(ByteOrder.LITTLE_ENDIAN).i32(4) == ORDER_MARK)
            order = ByteOrder.LITTLE_ENDIAN;
        else {
            throw in.malformed(
                    at + HEADER,
                    "a section's order of bytes is 1a2b3c4d or 4d3c2b1a, not %08x"
                            .formatted(start.i32(4)));
        }
        interfaces.clear();
        return checked(new Block(at, SECTION_HEADER, start.in(order).u32(0)));
    }

    private Block checked(Block block) throws MalformedCaptureException {
        int least = block.type == SECTION_HEADER ? SECTION_BODY + AROUND : AROUND;
        if (block.length % Integer.BYTES != 0 || block.length < least) {
            throw in.malformed(
                    block.at,
                    "a block of type %d can't have %,d bytes"
                            .formatted(Integer.toUnsignedLong(block.type), block.length));
        }
        return block;
    }

    private Optional<Packet> read(Block block) throws IOException {
        var packet =
                switch (block.type) {
                    case SECTION_HEADER -> {
                        version(block);
                        yield Optional.<Packet>empty();
                    }
                    case INTERFACE -> {
                        describe(block);
                        yield Optional.<Packet>empty();
                    }
                    case ENHANCED_PACKET, OLD_PACKET -> Optional.of(packet(block));
                    case SIMPLE_PACKET -> Optional.of(simplePacket(block));
                    default -> {
                        in.skip(block.length - AROUND, "a block");
                        yield Optional.<Packet>empty();
                    }
                };
        long again = in.read(Integer.BYTES, "a block's length behind it").in(order).u32(0);
        if (again != block.length) {
            throw in.malformed(
                    in.offset() - Integer.BYTES,
                    "a block has %,d bytes by its beginning and %,d by its end"
                            .formatted(block.length, again));
        }
        return packet;
    }

    private void version(Block block) throws IOException {
        // Its first four bytes, the order, were read with the header.
        int version = in.read(Integer.BYTES, "a section's version").in(order).u16(0);
        if (version != VERSION) {
            throw in.malformed(
                    block.at + AROUND,
                    "version %d of pcapng is not known, 1 is".formatted(version));
        }
        in.skip(block.length - AROUND - HEADER, "a section's header");
    }

    private View body(Block block, int least, String what) throws IOException {
        long length = block.length - AROUND;
        if (length < least || length > LONGEST_BLOCK) {
            throw in.malformed(
                    block.at,
                    "%s has %,d to %,d bytes, not %,d"
                            .formatted(what, least, LONGEST_BLOCK, length));
        }
        return in.read((int) length, what).in(order);
    }

    private void describe(Block block) throws IOException {
        var body = body(block, Interface.BODY, "an interface's description");
        if (interfaces.size() == MOST_INTERFACES) {
            throw in.malformed(
                    block.at, "a section has more than %,d interfaces".formatted(MOST_INTERFACES));
        }
        var options = options(block.at, body.from(Interface.BODY));
        interfaces.add(Interface.of(body, options));
    }

    private Packet packet(Block block) throws IOException {
        number++;
        var body = body(block, PACKET_FIELDS, "packet " + number);
        long index = block.type == ENHANCED_PACKET ? body.u32(0) : body.u16(0);
        var from = interfaceAt(block, index);
        long ticks = body.u32(4) << Integer.SIZE | body.u32(8);
        last =
                from.time(ticks)
                        .orElseThrow(
                                () ->
                                        in.malformed(
                                                block.at,
                                                "packet %d has a time that never comes"
                                                        .formatted(number)));
        long captured = body.u32(12);
        if (captured > Packet.LONGEST || captured > body.length() - PACKET_FIELDS) {
            throw in.malformed(
                    block.at,
                    "packet %d has %,d bytes, but its block has room for %,d"
                            .formatted(number, captured, body.length() - PACKET_FIELDS));
        }
        int padded = (int) (captured + Integer.BYTES - 1) & -Integer.BYTES;
        var options = options(block.at, body.from(Math.min(body.length(), PACKET_FIELDS + padded)));
        return new Packet(
                number,
                last,
                from.link(),
                body.from(PACKET_FIELDS).first((int) captured).in(ByteOrder.BIG_ENDIAN),
                Math.max(captured, body.u32(16)),
                comments(options));
    }

    /** Has no time: that of the packet before it is the best that can be said. */
    private Packet simplePacket(Block block) throws IOException {
        number++;
        var body = body(block, Integer.BYTES, "packet " + number);
        var from = interfaceAt(block, 0);
        long length = body.u32(0);
        long captured = Math.min(length, body.length() - Integer.BYTES);
        if (from.snapLength() > 0) captured = Math.min(captured, from.snapLength());
        if (captured > Packet.LONGEST) {
            throw in.malformed(
                    block.at,
                    "packet %d has %,d bytes, but none has more than %,d"
                            .formatted(number, captured, Packet.LONGEST));
        }
        var bytes = body.from(Integer.BYTES).first((int) captured).in(ByteOrder.BIG_ENDIAN);
        return new Packet(number, last, from.link(), bytes, length, List.of());
    }

    private Interface interfaceAt(Block block, long index) throws MalformedCaptureException {
        if (index < interfaces.size()) return interfaces.get((int) index);
        throw in.malformed(
                block.at,
                "packet %d is of interface %d, but %d are described"
                        .formatted(number, index, interfaces.size()));
    }

    /** An option: a number and a value. */
    record Option(int code, View value) {}

    private List<Option> options(long at, View all) throws MalformedCaptureException {
        if (all.length() > LONGEST_OPTIONS) {
            throw in.malformed(
                    at,
                    "a block has %,d bytes of options, but none may have more than %,d"
                            .formatted(all.length(), LONGEST_OPTIONS));
        }
        List<Option> options = new ArrayList<>();
        var rest = all;
        while (rest.has(Integer.BYTES) && rest.u16(0) != 0) {
            if (options.size() == MOST_OPTIONS) {
                throw in.malformed(at, "a block has more than %,d options".formatted(MOST_OPTIONS));
            }
            int length = rest.u16(2);
            int padded = (length + Integer.BYTES - 1) & -Integer.BYTES;
            if (!rest.has(Integer.BYTES + padded)) {
                throw in.malformed(
                        at,
                        "a block's option %d has %d bytes, but its block has room for %d"
                                .formatted(rest.u16(0), length, rest.length() - Integer.BYTES));
            }
            options.add(new Option(rest.u16(0), rest.from(Integer.BYTES).first(length)));
            rest = rest.from(Integer.BYTES + padded);
        }
        return options;
    }

    private static List<String> comments(List<Option> options) {
        return options.stream()
                .filter(option -> option.code == COMMENT)
                .map(option -> new String(option.value.copy(), StandardCharsets.UTF_8))
                .toList();
    }
}
