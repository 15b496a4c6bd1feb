package io.jsockmap.bpf.verifier.explain;

import static io.jsockmap.bpf.verifier.explain.Hint.say;

import io.jsockmap.bpf.verifier.explain.Step.Kind;
import io.jsockmap.bpf.verifier.rule.Rule;

import java.util.List;

/** Refused accesses of memory. */
final class MemoryHints {
    static final List<Hint> ALL =
            List.of(
                    new Hint(
                            Rule.NOT_A_POINTER,
                            s -> s.has(Kind.CHANGES_PACKET),
                            s ->
                                    say(
                                            "%s pointed into the packet, but %s may have moved the"
                                                + " packet's bytes: such pointers are invalid after"
                                                + " it.",
                                            s.register(), s.callOf(Kind.CHANGES_PACKET)),
                            s ->
                                    say(
                                            "After %s load data and data_end anew, and compare"
                                                    + " again.",
                                            s.callOf(Kind.CHANGES_PACKET))),
                    new Hint(
                            Rule.NOT_A_POINTER,
                            s -> s.has(Kind.RELEASES),
                            s ->
                                    "%s pointed to what %s has given back."
                                            .formatted(s.register(), s.callOf(Kind.RELEASES)),
                            s ->
                                    "Use it before %s, or copy what is needed."
                                            .formatted(s.callOf(Kind.RELEASES))),
                    new Hint(
                            Rule.NOT_A_POINTER,
                            s -> s.says("'scalar'"),
                            s -> "%s holds a number here, not a pointer.".formatted(s.register()),
                            _ ->
                                    "Keep the pointer itself (data of the context, the result of a"
                                        + " lookup) in a variable of 8 bytes, not in a map, and add"
                                        + " numbers to that. Memory of the kernel is read with"
                                        + " bpf_probe_read_kernel()."),
                    new Hint(
                            Rule.PACKET_BOUNDS,
                            s -> s.number("off").isEmpty(),
                            s ->
                                    say(
                                            "On this path the comparison has shown that %s is "
                                                    + "beyond the end of the packet.",
                                            s.register()),
                            s ->
                                    say(
                                            "Turn the comparison: if (data + N > data_end) %s "
                                                    + "and access the bytes after that.",
                                            s.giveUp())),
                    new Hint(
                            Rule.PACKET_BOUNDS,
                            s -> s.has(Kind.CHANGES_PACKET),
                            s ->
                                    say(
                                            "%s, and nothing was compared with data_end after %s:"
                                                + " what was compared before it does not count.",
                                            access(s), s.callOf(Kind.CHANGES_PACKET)),
                            s ->
                                    say(
                                            "Compare again after %s: if (data + %d > data_end) %s",
                                            s.callOf(Kind.CHANGES_PACKET), needed(s), s.giveUp())),
                    new Hint(
                            Rule.PACKET_BOUNDS,
                            s -> s.number("id").orElse(0) == 0,
                            s -> "%s; %s.".formatted(access(s), shown(s)),
                            MemoryHints::compare),
                    new Hint(
                            Rule.PACKET_BOUNDS,
                            _ -> true,
                            MemoryHints::variable,
                            s ->
                                    say(
                                            "Compare after the variable part was added, with the"
                                                    + " pointer that is used here: if (p + %d >"
                                                    + " data_end) %s",
                                            neededThere(s), s.giveUp())),
                    new Hint(
                            Rule.NULL_POINTER,
                            _ -> true,
                            s ->
                                    say(
                                            "%s is the result of %s, which may be null, and no"
                                                + " comparison on this path has shown that it is"
                                                + " not.",
                                            s.register(), s.origin()),
                            s ->
                                    "Check it first: if (!pointer) %s"
                                            .formatted(s.giveUp().replace("DROP", "PASS"))),
                    new Hint(
                            Rule.UNINITIALISED_REGISTER,
                            s -> s.has(Kind.CLOBBERS),
                            s ->
                                    "%s holds nothing: %s leaves nothing in R1 to R5."
                                            .formatted(s.register(), s.callOf(Kind.CLOBBERS)),
                            s ->
                                    "Keep what is needed after a call in R6 to R9. From C this"
                                        + " comes of a function that is declared with fewer"
                                        + " arguments than it takes, or without its prototype."),
                    new Hint(
                            Rule.UNINITIALISED_REGISTER,
                            s -> s.register().equals("R0"),
                            s -> "The function ends without a result: R0 was not set on this path.",
                            s ->
                                    "Return a value on every path: return %s;"
                                            .formatted(
                                                    s.program().type().name().startsWith("sk_")
                                                            ? "SK_PASS"
                                                            : "1")),
                    new Hint(
                            Rule.UNINITIALISED_REGISTER,
                            _ -> true,
                            s -> "%s was not set on this path.".formatted(s.register()),
                            s -> "Give the variable a value where it is declared."),
                    new Hint(
                            Rule.MAP_VALUE_BOUNDS,
                            s -> s.number("value_size").isPresent() && s.says(" min value"),
                            s ->
                                    "The value has %s, and %s of it %s accessed."
                                            .formatted(
                                                    count(s.number("value_size").orElse(0)),
                                                    span(s),
                                                    s.number("size").orElse(0) == 1 ? "is" : "are"),
                            s ->
                                    say(
                                            "Access the value inside of its %s, or give the map a"
                                                    + " larger one (at least %d bytes).",
                                            count(s.number("value_size").orElse(0)), needed(s))),
                    new Hint(
                            Rule.MAP_VALUE_BOUNDS,
                            s -> s.number("value_size").isPresent(),
                            s ->
                                    say(
                                            "The value has %s, and with the largest offset that "
                                                    + "is possible here %s of it %s accessed.",
                                            count(s.number("value_size").orElse(0)),
                                            span(s),
                                            s.number("size").orElse(0) == 1 ? "is" : "are"),
                            s ->
                                    say(
                                            "Bound the offset before the access, so that it is at"
                                                    + " most %d.",
                                            s.number("value_size").orElse(0)
                                                    - s.number("size").orElse(0))),
                    new Hint(
                            Rule.STACK_BOUNDS,
                            s -> s.number("size").isPresent() && s.number("off").isPresent(),
                            s ->
                                    say(
                                            "%s, counted from the end of the stack, %s accessed; "
                                                    + "the stack has bytes -512 to -1.",
                                            capital(span(s)),
                                            s.number("size").orElse(0) == 1 ? "is" : "are"),
                            s -> s.refusal().rule().text().repair()));

    private MemoryHints() {}

    /** The bytes that the message names. */
    private static String span(Scene s) {
        long from = s.number("off").orElse(0);
        long size = s.number("size").orElse(0);
        return size == 1 ? "byte " + from : "bytes %d to %d".formatted(from, from + size - 1);
    }

    private static String count(long bytes) {
        return bytes == 1 ? "1 byte" : bytes + " bytes";
    }

    private static String capital(String word) {
        return "B" + word.substring(1);
    }

    private static String access(Scene s) {
        boolean one = s.number("size").orElse(0) == 1;
        return s.accessed() > 0
                ? "%s of the packet %s accessed".formatted(capital(span(s)), one ? "is" : "are")
                : "%s is given %s of the packet".formatted(s.callee(), span(s));
    }

    /** What comparisons have shown. */
    private static String shown(Scene s) {
        long bytes = s.number("r").orElse(0);
        if (bytes > 0)
            return "comparisons with data_end showed %s to be there".formatted(count(bytes));
        boolean whole = s.refusal().path().getFirst() == 0;
        return s.has(Kind.MEETS_END) || !whole
                ? "no comparison with data_end on this path showed a byte to be there"
                : "nothing was compared with data_end on this path";
    }

    /** An access by a pointer of whose distance from the packet's start nothing is known. */
    private static String variable(Scene s) {
        long bytes = s.number("r").orElse(0);
        return bytes > 0
                ? say(
                        "Through %s, which has a variable offset, %s more of the packet %s "
                                + "accessed than comparisons with data_end showed to be there.",
                        s.register(),
                        count(needed(s) - bytes),
                        needed(s) - bytes == 1 ? "is" : "are")
                : say(
                        "The packet is accessed through %s, which has a variable offset; since "
                                + "that was added %s.",
                        s.register(), shown(s));
    }

    /** How many bytes must be there at the pointer that is used. */
    private static long neededThere(Scene s) {
        int offset = s.accessed() > 0 ? s.instruction().offset() : 0;
        return offset + s.number("size").orElse(1);
    }

    private static long needed(Scene s) {
        return s.number("off").orElse(0) + s.number("size").orElse(1);
    }

    private static String compare(Scene s) {
        long bytes = needed(s);
        var check = "if (data + %d > data_end) %s".formatted(bytes, s.giveUp());
        var pull =
                switch (s.program().type().name()) {
                    case "sk_msg" -> "bpf_msg_pull_data(msg, 0, %d, 0)".formatted(bytes);
                    case "sk_skb" -> "bpf_skb_pull_data(skb, %d)".formatted(bytes);
                    default -> "";
                };
        var first =
                pull.isEmpty()
                        ? ""
                        : say(
                                " Bytes that are there but not linear need %s first; load data and"
                                        + " data_end after it.",
                                pull);
        return "Check before the access: " + check + first;
    }
}
