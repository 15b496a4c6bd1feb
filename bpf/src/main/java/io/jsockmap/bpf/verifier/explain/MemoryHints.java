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
                            s -> s.refusal().rule().text().repair()),
                    new Hint(
                            Rule.PACKET_BOUNDS,
                            s -> s.number("off").isPresent() && s.number("id").orElse(0) == 0,
                            s ->
                                    say(
                                            "%s up to byte %d of the packet; comparisons showed"
                                                    + " %s.",
                                            access(s),
                                            needed(s) - 1,
                                            bytes(s.number("r").orElse(0))),
                            MemoryHints::compare),
                    new Hint(
                            Rule.PACKET_BOUNDS,
                            s -> s.number("off").isPresent(),
                            s ->
                                    say(
                                            "%s up to byte %d behind a pointer with a variable"
                                                + " offset, and the comparisons with data_end of"
                                                + " that pointer have shown %s.",
                                            access(s),
                                            needed(s) - 1,
                                            bytes(s.number("r").orElse(0))),
                            s ->
                                    say(
                                            "Compare after the variable part was added, with the"
                                                + " pointer that is used: if (p + %d > data_end)"
                                                + " %s",
                                            needed(s), s.giveUp())),
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
                            s -> s.number("value_size").isPresent(),
                            s ->
                                    "The value has %d bytes, and %d from offset %d on are accessed."
                                            .formatted(
                                                    s.number("value_size").orElse(0),
                                                    s.number("size").orElse(0),
                                                    s.number("off").orElse(0)),
                            s ->
                                    say(
                                            "Bound the index so that index + %d <= %d on this"
                                                    + " path.",
                                            s.number("size").orElse(0),
                                            s.number("value_size").orElse(0))));

    private MemoryHints() {}

    private static String access(Scene s) {
        return s.accessed() > 0
                ? "%d bytes at %s%+d are accessed, that is"
                        .formatted(
                                s.number("size").orElse(0), s.register(), s.number("off").orElse(0))
                : "%s is given memory".formatted(s.callee());
    }

    private static long needed(Scene s) {
        return s.number("off").orElse(0) + s.number("size").orElse(1);
    }

    private static String bytes(long count) {
        return count <= 0
                ? "none to be there"
                : count == 1 ? "1 byte to be there" : count + " bytes to be there";
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
