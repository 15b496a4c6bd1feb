package io.jsockmap.testkit.record;

import io.jsockmap.bpf.btf.SourceLine;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * How a run ended.
 *
 * {@snippet class="io.jsockmap.testkit.examples.TraceExamples" region="run"}
 *
 * @param outcome what it means
 * @param value R0; 0 for a fault
 * @param text the outcome in words: {@code DROP}, or the fault's message
 * @param decided the C line that decided: the one that made the value which became R0, or a branch
 *     behind it; or the one of the fault
 * @param slot where the fault was
 */
public record Ending(
        Outcome outcome, long value, String text, Optional<SourceLine> decided, OptionalInt slot) {

    /** What the end of a run means. */
    public enum Outcome {
        /** The message goes its way. */
        PASS,
        /** The message is dropped. */
        DROP,
        /** The message goes to another socket. */
        REDIRECT,
        /** No verdict counts until more bytes are there ({@code bpf_msg_cork_bytes}). */
        HOLD,
        /** A parser found where a message ends, needs more bytes, or gave an error. */
        PARSED,
        /** A run from which no verdict is asked. */
        RETURN,
        /** The program did what no program may. */
        FAULT;

        /** All of them, as people write them. */
        public static final String WORDS =
                Arrays.stream(values()).map(Outcome::word).collect(Collectors.joining(", "));

        /** As people write it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** What a word means, written in whatever case. */
        public static Optional<Outcome> of(String word) {
            return Arrays.stream(values()).filter(o -> o.name().equalsIgnoreCase(word)).findFirst();
        }
    }
}
