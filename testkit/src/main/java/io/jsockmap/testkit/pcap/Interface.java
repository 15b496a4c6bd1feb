package io.jsockmap.testkit.pcap;

import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a pcapng file says of an interface.
 *
 * @param link what its packets begin with
 * @param snapLength how many bytes of a packet were captured at the most; 0 for all
 * @param resolution 10 to the power of it is how many ticks a second has; with the upper bit 2 to
 *     the power of the others
 * @param offset seconds that are added to each time
 */
record Interface(int link, long snapLength, int resolution, long offset) {
    /** Bytes in front of its options. */
    static final int BODY = 8;

    private static final int RESOLUTION = 9;
    private static final int OFFSET = 14;
    private static final int MICROSECONDS = 6;
    private static final int OF_TWO = 0x80;
    private static final int NANOS = 1_000_000_000;
    private static final int MICROS = 1_000_000;
    private static final BigInteger SECONDS_AT_MOST =
            BigInteger.valueOf(Instant.MAX.getEpochSecond());

    static Interface of(View body, List<PcapngFile.Option> options) {
        int resolution = MICROSECONDS;
        long offset = 0;
        for (var option : options) {
            var value = option.value();
            if (option.code() == RESOLUTION && value.has(1)) resolution = value.u8(0);
            if (option.code() == OFFSET && value.has(Long.BYTES)) offset = value.i64(0);
        }
        return new Interface(body.u16(0), body.u32(4), resolution, offset);
    }

    /**
     * When so many ticks are over; empty if Java has no such time.
     *
     * @param ticks without a sign
     */
    Optional<Instant> time(long ticks) {
        if (resolution == MICROSECONDS && offset == 0 && ticks >= 0) {
            long nanos = ticks % MICROS * (NANOS / MICROS);
            return Optional.of(Instant.ofEpochSecond(ticks / MICROS, nanos));
        }
        var base = BigInteger.valueOf((resolution & OF_TWO) == 0 ? 10 : 2);
        var unit = base.pow(resolution & ~OF_TWO);
        var all = new BigInteger(Long.toUnsignedString(ticks)).divideAndRemainder(unit);
        var seconds = all[0].add(BigInteger.valueOf(offset));
        if (seconds.abs().compareTo(SECONDS_AT_MOST) > 0) return Optional.empty();
        var nanos = all[1].multiply(BigInteger.valueOf(NANOS)).divide(unit);
        return Optional.of(Instant.ofEpochSecond(seconds.longValueExact(), nanos.intValueExact()));
    }
}
