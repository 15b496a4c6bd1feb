package io.jsockmap.dashboard.collect;

import io.jsockmap.dashboard.state.ProgramRow;
import io.jsockmap.sockmap.socket.Verdict;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** What a program decided: messages and bytes by direction and verdict. */
final class Tally {
    private final Map<Verdict, Counter> received = counters();
    private final Map<Verdict, Counter> sent = counters();

    private static final class Counter {
        final LongAdder messages = new LongAdder();
        final LongAdder bytes = new LongAdder();
    }

    /** Of all programs, or of one. */
    record Total(long pass, long drop, long redirect, long bytes) {
        static final Total NONE = new Total(0, 0, 0, 0);

        Total plus(Total other) {
            return new Total(
                    pass + other.pass,
                    drop + other.drop,
                    redirect + other.redirect,
                    bytes + other.bytes);
        }
    }

    private static Map<Verdict, Counter> counters() {
        var all = new EnumMap<Verdict, Counter>(Verdict.class);
        for (var verdict : Verdict.values()) all.put(verdict, new Counter());
        return all;
    }

    void count(boolean isReceived, Verdict verdict, int length) {
        var counter = (isReceived ? received : sent).get(verdict);
        counter.messages.increment();
        counter.bytes.add(length);
    }

    Total total() {
        return new Total(
                messages(Verdict.PASS),
                messages(Verdict.DROP),
                messages(Verdict.REDIRECT),
                bytes());
    }

    private long messages(Verdict verdict) {
        return received.get(verdict).messages.sum() + sent.get(verdict).messages.sum();
    }

    private long bytes() {
        return Stream.concat(received.values().stream(), sent.values().stream())
                .mapToLong(counter -> counter.bytes.sum())
                .sum();
    }

    Stream<ProgramRow> rows(String program) {
        return Stream.concat(rows(program, true, received), rows(program, false, sent));
    }

    private static Stream<ProgramRow> rows(
            String program, boolean isReceived, Map<Verdict, Counter> counters) {
        return counters.entrySet().stream()
                .filter(entry -> entry.getValue().messages.sum() > 0)
                .map(entry -> row(program, isReceived, entry.getKey(), entry.getValue()));
    }

    private static ProgramRow row(
            String program, boolean isReceived, Verdict verdict, Counter counter) {
        return new ProgramRow(
                program,
                Words.direction(isReceived),
                Words.verdict(verdict),
                counter.messages.sum(),
                counter.bytes.sum());
    }
}
