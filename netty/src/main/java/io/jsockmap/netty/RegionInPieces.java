package io.jsockmap.netty;

import io.jsockmap.sockmap.socket.Chunk;
import io.jsockmap.sockmap.socket.SendResult;
import io.jsockmap.sockmap.socket.Sock;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FileRegion;

import java.io.IOException;

/**
 * A file region at whose bytes a program looks, or that is too long for one message: sent a piece
 * at a time, so that it is never in memory as a whole. Runs on the event loop, but for the results.
 */
final class RegionInPieces implements SendResult {
    private static final int PIECE = 65536;

    private final Outbound outbound;
    private final Sock socket;
    private final FileRegion region;
    private final ChannelPromise promise;
    private long accepted;
    private long end;
    private int errno;

    /** Whether the last piece has its result, which is then told above. */
    private volatile boolean done = true;

    RegionInPieces(Outbound outbound, Sock socket, FileRegion region, ChannelPromise promise) {
        this.outbound = outbound;
        this.socket = socket;
        this.region = region;
        this.promise = promise;
    }

    @Override
    public void done(long accepted, int errno) {
        this.accepted += accepted;
        this.errno = errno;
        end = outbound.bytesToWrite();
        done = true;
        outbound.ended();
        outbound.goOn();
    }

    /** Sends on, until it must wait; true when it is over. */
    boolean goOn() {
        while (done) {
            if (errno != 0) return fail(Failures.ofSend(errno, accepted, region.count()));
            int next = (int) Math.min(PIECE, region.count() - region.transferred());
            if (next == 0) {
                outbound.promise(end, promise);
                region.release();
                return true;
            }
            var piece = new byte[next];
            try {
                RegionReader.read(region, piece);
            } catch (IOException e) {
                return fail(e);
            }
            done = false;
            outbound.begin();
            socket.send(Chunk.of(piece), this);
        }
        return false;
    }

    boolean fail(Throwable cause) {
        region.release();
        promise.tryFailure(cause);
        return true;
    }
}
