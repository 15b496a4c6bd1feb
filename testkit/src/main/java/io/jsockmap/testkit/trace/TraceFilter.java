package io.jsockmap.testkit.trace;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.testkit.record.Ending.Outcome;
import io.jsockmap.testkit.record.RecordedMessage;
import io.jsockmap.testkit.record.RecordedRun;

import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;

/**
 * Which runs one wants to see: {@code program=NAME}, {@code verdict=drop}, {@code socket=COOKIE},
 * {@code port=N}, {@code text=PART}, with a comma for "and".
 *
 * {@snippet class="io.jsockmap.testkit.examples.TraceExamples" region="trace"}
 */
public final class TraceFilter implements Predicate<RecordedRun> {
    /** Lets all pass. */
    public static final TraceFilter ALL = new TraceFilter(_ -> true);

    private static final int MAX_PORT = 65535;

    private final Predicate<RecordedRun> conditions;

    private TraceFilter(Predicate<RecordedRun> conditions) {
        this.conditions = conditions;
    }

    /**
     * Reads a filter.
     *
     * @throws BpfException EINVAL naming the part that is not understood
     */
    public static TraceFilter parse(String text) {
        Predicate<RecordedRun> all = _ -> true;
        for (var part : text.split(",", -1)) all = all.and(condition(part));
        return new TraceFilter(all);
    }

    private static Predicate<RecordedRun> condition(String part) {
        int equals = part.indexOf('=');
        var value = part.substring(equals + 1);
        if (equals < 0 || value.isEmpty()) throw mistake(part, "expected NAME=VALUE");
        return switch (part.substring(0, equals)) {
            case "program" -> run -> run.program().name().equals(value);
            case "verdict" -> verdict(part, value);
            case "socket" -> socket(number(part, value));
            case "port" -> port(number(part, value), part);
            case "text" -> run -> run.message().filter(m -> has(m, value)).isPresent();
            default -> throw mistake(part, "expected program, verdict, socket, port or text");
        };
    }

    private static Predicate<RecordedRun> verdict(String part, String name) {
        var outcome =
                Outcome.of(name)
                        .orElseThrow(() -> mistake(part, "expected one of " + Outcome.WORDS));
        return run -> run.ending().outcome() == outcome;
    }

    private static Predicate<RecordedRun> socket(long cookie) {
        return run -> run.socket().filter(socket -> socket.cookie() == cookie).isPresent();
    }

    private static Predicate<RecordedRun> port(long port, String part) {
        if (port < 0 || port > MAX_PORT) throw mistake(part, "a port is 0 to 65535");
        return run -> run.socket().filter(socket -> socket.hasPort((int) port)).isPresent();
    }

    private static long number(String part, String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException _) {
            throw mistake(part, "expected a number");
        }
    }

    private static boolean has(RecordedMessage message, String text) {
        return text(message.before()).contains(text) || text(message.after()).contains(text);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static BpfException mistake(String part, String problem) {
        return new BpfException(Errno.EINVAL, "filter '%s': %s".formatted(part, problem));
    }

    @Override
    public boolean test(RecordedRun run) {
        return conditions.test(run);
    }
}
