package io.jsockmap.testkit.scenario;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntSupplier;

/** How what the far end of a connection sends is cut on its way: TCP keeps no limits. */
sealed interface Segmentation {
    /**
     * A network that cuts at random makes pieces up to this long; short ones are hard on parsers.
     */
    int LONGEST_RANDOM_PIECE = 24;

    /** As it was sent. */
    record AsSent() implements Segmentation {}

    /** Sends that follow each other arrive as one. */
    record Joined() implements Segmentation {}

    /** Byte by byte. */
    record Bytewise() implements Segmentation {}

    /**
     * As it was sent, and cut once more.
     *
     * @param from the end whose bytes are cut
     * @param at behind so many of all bytes that it sends
     */
    record CutOnce(Endpoint from, long at) implements Segmentation {}

    /** Anyhow. */
    record AtRandom(long seed) implements Segmentation {}

    /**
     * The pieces in which bytes arrive.
     *
     * @param sentBefore how many bytes that end has sent before
     */
    default List<byte[]> pieces(Endpoint from, byte[] bytes, long sentBefore) {
        return switch (this) {
            case AsSent _, Joined _ -> List.of(bytes);
            case Bytewise _ -> cut(bytes, () -> 1);
            case CutOnce(var cutFrom, long at) -> {
                long inside = at - sentBefore;
                boolean hits = cutFrom.equals(from) && inside > 0 && inside < bytes.length;
                yield hits ? cutAt(bytes, (int) inside) : List.of(bytes);
            }
            case AtRandom(long seed) -> {
                var random = new Random(seed * 31 + sentBefore + from.hashCode());
                yield cut(bytes, () -> 1 + random.nextInt(LONGEST_RANDOM_PIECE));
            }
        };
    }

    private static List<byte[]> cutAt(byte[] bytes, int at) {
        return List.of(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, at, bytes.length));
    }

    private static List<byte[]> cut(byte[] bytes, IntSupplier length) {
        List<byte[]> pieces = new ArrayList<>();
        for (int at = 0; at < bytes.length; ) {
            int end = Math.min(bytes.length, at + length.getAsInt());
            pieces.add(Arrays.copyOfRange(bytes, at, end));
            at = end;
        }
        return pieces;
    }
}
