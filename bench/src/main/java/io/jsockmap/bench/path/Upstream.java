package io.jsockmap.bench.path;

import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;

/** A port of the origin, which is for one peer, and what came there. */
final class Upstream {
    private final InetSocketAddress address;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile CRC32C checksum;

    Upstream(InetSocketAddress address) {
        this.address = address;
    }

    InetSocketAddress address() {
        return address;
    }

    /** Bytes of streams so far. */
    AtomicLong bytes() {
        return bytes;
    }

    /** Those that are open now. */
    AtomicInteger connections() {
        return connections;
    }

    /** What streams are summed up by, if they are. */
    CRC32C checksum() {
        return checksum;
    }

    /** Sums up streams from now on, or no more with null. */
    void sumUp(CRC32C sum) {
        checksum = sum;
    }
}
