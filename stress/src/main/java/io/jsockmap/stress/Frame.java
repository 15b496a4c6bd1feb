package io.jsockmap.stress;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * Frames whose content is known from their head, so that a lost, doubled, changed or moved byte is
 * found by whoever reads them. Two forms share a stream: one with two bytes of length in front
 * (what peers send, judged when received), and one with a letter and a byte of length (what the
 * application sends, judged as it is sent).
 */
final class Frame {
    private static final int HEAD = 15;
    private static final int SENT_HEAD = 14;

    private Frame() {}

    /** For the {@code frames} program. */
    static ByteBuffer received(char verdict, long source, int number, int filling) {
        var frame = ByteBuffer.allocate(HEAD + filling);
        frame.putShort((short) frame.capacity()).put((byte) verdict);
        return fill(frame.putLong(source).putInt(number), source, number);
    }

    /** For the {@code frames-msg} program. */
    static ByteBuffer sent(char verdict, long source, int number, int filling) {
        var frame = ByteBuffer.allocate(SENT_HEAD + filling);
        frame.put((byte) verdict).put((byte) frame.capacity());
        return fill(frame.putLong(source).putInt(number), source, number);
    }

    private static ByteBuffer fill(ByteBuffer frame, long source, int number) {
        while (frame.hasRemaining()) frame.put(filling(source, number, frame.position()));
        return frame.flip();
    }

    private static byte filling(long source, int number, int position) {
        return (byte) (source * 31 + number * 7L + position);
    }

    /** Reads a stream of frames and finds what is wrong with it. */
    static final class Reader {
        private final Map<String, Integer> last = new HashMap<>();
        private final Map<String, Integer> counts = new HashMap<>();
        private ByteBuffer partial = ByteBuffer.allocate(1 << 15);

        void take(ByteBuffer bytes) {
            partial.put(bytes);
            partial.flip();
            while (isComplete()) check(length());
            partial.compact();
        }

        /** How many frames of a verdict came from a source. */
        int count(char verdict, long source) {
            return counts.getOrDefault(verdict + " " + source, 0);
        }

        private boolean isComplete() {
            return partial.remaining() >= 2 && partial.remaining() >= length();
        }

        private int length() {
            int first = partial.get(partial.position());
            return first >= 'A'
                    ? Byte.toUnsignedInt(partial.get(partial.position() + 1))
                    : Short.toUnsignedInt(partial.getShort(partial.position()));
        }

        private void check(int length) {
            if (length < SENT_HEAD) throw new IllegalStateException("a frame of " + length);
            var frame = partial.slice(partial.position(), length);
            partial.position(partial.position() + length);
            int first = frame.get();
            frame.get();
            char verdict = (char) (first >= 'A' ? first : frame.get());
            long source = frame.getLong();
            int number = frame.getInt();
            while (frame.hasRemaining()) {
                if (filling(source, number, frame.position()) != frame.get()) {
                    throw new IllegalStateException(
                            "byte %d of frame %c%d of %d was changed"
                                    .formatted(frame.position() - 1, verdict, number, source));
                }
            }
            if (verdict == 'D') throw new IllegalStateException("a dropped frame was delivered");
            var stream = verdict + " " + source;
            var before = last.put(stream, number);
            if (before != null && before >= number) {
                throw new IllegalStateException(
                        "%s: frame %d behind %d".formatted(stream, number, before));
            }
            counts.merge(stream, 1, Integer::sum);
        }
    }
}
