package io.jsockmap.testkit.pcap;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the stream of one side is cut into sends. Datagrams are never cut.
 *
 * {@snippet class="io.jsockmap.testkit.examples.CaptureExamples" region="replay"}
 */
public sealed interface Splitting {

    /** As the packets had it. */
    record AsCaptured() implements Splitting {}

    /** All that comes before the other side has its turn at once. */
    record Whole() implements Splitting {}

    /** Each byte alone. */
    record Bytewise() implements Splitting {}

    /**
     * At one place only.
     *
     * @param at how many bytes of the side's whole stream come before it, at least 1
     */
    record Cut(int at) implements Splitting {
        public Cut {
            if (at < 1) throw new IllegalArgumentException("a cut has bytes before it: " + at);
        }
    }

    /**
     * By chance, which the seed decides: the same on every machine.
     *
     * @param seed any number
     * @param longest how many bytes a send has at the most, at least 1
     */
    record Seeded(long seed, int longest) implements Splitting {
        public Seeded {
            if (longest < 1) {
                throw new IllegalArgumentException("a send has at least one byte: " + longest);
            }
        }
    }

    /** Each single cut of a stream: one less than it has bytes. */
    static List<Splitting> everyCut(int length) {
        List<Splitting> cuts = new ArrayList<>();
        for (int at = 1; at < length; at++) cuts.add(new Cut(at));
        return cuts;
    }
}
