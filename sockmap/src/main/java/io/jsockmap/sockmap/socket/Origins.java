package io.jsockmap.sockmap.socket;

import java.util.ArrayList;
import java.util.List;

/**
 * Which bytes of a message its senders gave, so that a sender can be told how many of its own went
 * where, whatever a program put in or took out.
 */
final class Origins {
    /** With so many segments edits are no longer told apart from the bytes around them. */
    private static final int MOST = 256;

    /**
     * Bytes next to each other.
     *
     * @param length how many are in the message now
     * @param given how many a sender gave for them: none for what was put in, all for the rest; of
     *     what was taken out, all, and the length is 0
     */
    private record Segment(int length, int given) {
        boolean isAsGiven() {
            return length == given;
        }

        Segment first(int count) {
            return new Segment(count, Math.min(count, given));
        }

        Segment from(int count) {
            return new Segment(length - count, given - Math.min(count, given));
        }
    }

    private final List<Segment> segments = new ArrayList<>(1);

    /** A sender gave bytes for the end. */
    void append(int count) {
        boolean more = !segments.isEmpty() && segments.getLast().isAsGiven();
        int all = more ? segments.removeLast().length + count : count;
        segments.add(new Segment(all, all));
    }

    /** A program put bytes in. */
    void insert(int at, int count) {
        segments.add(cut(at), new Segment(count, 0));
        simplify();
    }

    /** A program took bytes out. */
    void remove(int at, int count) {
        int first = cut(at);
        int given = drop(first, cut(at + count));
        segments.add(first, new Segment(0, given));
        simplify();
    }

    /** The first bytes leave the message; gives how many a sender gave for them. */
    int take(int count) {
        return drop(0, cut(count));
    }

    private int drop(int first, int end) {
        int given = 0;
        for (int i = first; i < end; i++) given += segments.remove(first).given;
        return given;
    }

    /** Has a segment end there; gives the index behind it, and behind what was taken out there. */
    private int cut(int offset) {
        int end = 0;
        for (int i = 0; i < segments.size(); i++) {
            var segment = segments.get(i);
            if (end + segment.length > offset) {
                int inside = offset - end;
                if (inside == 0) return i;
                segments.set(i, segment.first(inside));
                segments.add(i + 1, segment.from(inside));
                return i + 1;
            }
            end += segment.length;
        }
        return segments.size();
    }

    private void simplify() {
        while (segments.size() > MOST) {
            var last = segments.removeLast();
            var before = segments.removeLast();
            segments.add(new Segment(before.length + last.length, before.given + last.given));
        }
    }
}
