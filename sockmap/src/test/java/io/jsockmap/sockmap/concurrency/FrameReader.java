package io.jsockmap.sockmap.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;

/** Reads frames that name their stream and number, and knows what can't follow what. */
final class FrameReader {
    private final Map<String, Integer> last = new HashMap<>();
    private final Map<String, Long> counts = new HashMap<>();
    private final StringBuilder partial = new StringBuilder();
    private boolean ended;

    void take(String text) {
        if (text.isEmpty()) return;
        assertThat(ended).as("bytes behind the end: %s", text).isFalse();
        partial.append(text);
        while (partial.length() > 1 && partial.length() >= partial.charAt(1)) {
            int length = partial.charAt(1);
            check(partial.substring(2, length));
            partial.delete(0, length);
        }
    }

    private void check(String frame) {
        // Verdict, origin, direction, number, filling. What was to be dropped is never read, except
        // from origins whose sends nobody judges.
        assertThat(frame).matches("([PRI]\\d[ap]|D[03]a)\\d{5}-*\\00?\\00?");
        var stream = frame.substring(0, 3);
        int number = Integer.parseInt(frame.substring(3, 8));
        var before = last.put(stream, number);
        if (before != null) assertThat(number).as("after %d", before).isGreaterThan(before);
        counts.merge(stream, 1L, Long::sum);
    }

    long count(char verdict, int origin, char direction) {
        return counts.getOrDefault("%c%d%c".formatted(verdict, origin, direction), 0L);
    }

    /** The end of stream: nothing may follow, and nothing may be half. */
    void ends() {
        ended = true;
        assertThat(partial.toString()).as("half a frame at the end").isEmpty();
    }
}
