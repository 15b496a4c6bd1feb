package io.jsockmap.netty;

import io.netty.channel.FileRegion;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Reads what a file region would write. */
final class RegionReader implements WritableByteChannel {
    private final ByteBuffer target;

    private RegionReader(byte[] target) {
        this.target = ByteBuffer.wrap(target);
    }

    /**
     * Fills an array with the region's next bytes, which count as transferred.
     *
     * @throws EOFException if the file is shorter than the region says
     */
    static void read(FileRegion region, byte[] bytes) throws IOException {
        var reader = new RegionReader(bytes);
        while (reader.target.hasRemaining()) {
            if (region.transferTo(reader, region.transferred()) <= 0) {
                throw new EOFException(
                        "the file ends at byte %d of a region of %d"
                                .formatted(region.transferred(), region.count()));
            }
        }
    }

    /** Takes no more than there is room for, so that a region goes on behind it the next time. */
    @Override
    public int write(ByteBuffer source) {
        int count = Math.min(source.remaining(), target.remaining());
        target.put(source.slice(source.position(), count));
        source.position(source.position() + count);
        return count;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {}
}
