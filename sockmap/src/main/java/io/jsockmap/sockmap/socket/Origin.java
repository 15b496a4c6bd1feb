package io.jsockmap.sockmap.socket;

import java.util.ArrayList;
import java.util.List;

/**
 * Which bytes of a message its sender gave: a program may have put others between them, and have
 * taken some away. So a part of the message can be told in the sender's bytes.
 */
final class Origin {
    /** Bytes of the message, and the sender's bytes that they stand for: as many, or none. */
    private record Run(int bytes, int given) {
        Run first(int count) {
            return new Run(count, Math.min(given, count));
        }

        Run from(int count) {
            return new Run(bytes - count, Math.max(0, given - count));
        }
    }

    private final List<Run> runs = new ArrayList<>();

    /** The sender gives bytes at the end. */
    void add(int count) {
        if (!runs.isEmpty()) {
            var last = runs.getLast();
            if (last.bytes > 0 && last.given == last.bytes) {
                runs.set(runs.size() - 1, new Run(last.bytes + count, last.bytes + count));
                return;
            }
        }
        runs.add(new Run(count, count));
    }

    /** A program puts bytes in. */
    void push(int start, int count) {
        runs.add(cut(start), new Run(count, 0));
    }

    /** A program takes bytes away: whoever takes the byte before them has taken them too. */
    void pop(int start, int count) {
        int first = cut(start);
        int end = cut(start + count);
        var gone = runs.subList(first, end);
        int given = gone.stream().mapToInt(Run::given).sum();
        gone.clear();
        if (given > 0) runs.add(first, new Run(0, given));
    }

    /** Takes the first bytes away; how many of the sender's they stand for. */
    int take(int count) {
        int end = cut(count);
        while (end < runs.size() && runs.get(end).bytes == 0) end++;
        var taken = runs.subList(0, end);
        int given = taken.stream().mapToInt(Run::given).sum();
        taken.clear();
        return given;
    }

    /** Sees to it that a run ends at an offset; the place of the run that begins there. */
    private int cut(int offset) {
        int at = 0;
        for (int i = 0; i < runs.size(); i++) {
            var run = runs.get(i);
            if (at == offset && run.bytes > 0) return i;
            if (at + run.bytes > offset) {
                runs.set(i, run.first(offset - at));
                runs.add(i + 1, run.from(offset - at));
                return i + 1;
            }
            at += run.bytes;
        }
        return runs.size();
    }
}
