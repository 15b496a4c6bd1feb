package io.jsockmap.bpf.verifier.explain;

import static io.jsockmap.bpf.verifier.explain.Hint.say;

import io.jsockmap.bpf.verifier.explain.Step.Kind;
import io.jsockmap.bpf.verifier.rule.Rule;

import java.util.List;
import java.util.regex.Pattern;

/** Refused calls, and what is held. */
final class CallHints {
    private static final Pattern TYPES = Pattern.compile("R(\\d+) type=(\\w+) expected=([\\w, ]+)");

    static final List<Hint> ALL =
            List.of(
                    new Hint(
                            Rule.ARGUMENT_TYPE,
                            s -> s.says(" expected=") && mapAndContext(s),
                            s ->
                                    "%s: the arguments of %s are in the wrong order."
                                            .formatted(mismatch(s), s.callee()),
                            s -> "The order is %s.".formatted(s.prototype())),
                    new Hint(
                            Rule.ARGUMENT_TYPE,
                            s -> s.says(" expected="),
                            s -> "%s, in the call of %s.".formatted(mismatch(s), s.callee()),
                            s -> "Compare with the prototype: %s.".formatted(s.prototype())),
                    new Hint(
                            Rule.ARGUMENT_CONSTANT,
                            _ -> true,
                            s ->
                                    say(
                                            "%s of %s must be a constant; here it depends on data.",
                                            s.register(), s.callee()),
                            s -> s.refusal().rule().text().repair()),
                    new Hint(
                            Rule.GPL_ONLY,
                            _ -> true,
                            s ->
                                    say(
                                            "%s is for the GPL only; the object's license is"
                                                    + " \"%s\".",
                                            s.callee(), s.program().debug().license()),
                            s -> s.refusal().rule().text().repair()),
                    new Hint(
                            Rule.HELPER_NOT_ALLOWED,
                            _ -> true,
                            s ->
                                    "Programs of type %s can't call %s."
                                            .formatted(s.program().type(), s.callee()),
                            CallHints::whose),
                    new Hint(
                            Rule.SOCKET_MAP_UPDATE,
                            _ -> true,
                            s ->
                                    "Programs of type %s can't change maps of sockets with %s."
                                            .formatted(s.program().type(), s.callee()),
                            s -> s.refusal().rule().text().repair()),
                    new Hint(
                            Rule.FAILED_RELOCATION,
                            s -> s.relocationProblem().isPresent(),
                            s ->
                                    "The instruction depends on a type that is not there so: %s."
                                            .formatted(s.relocationProblem().orElse("")),
                            s -> s.refusal().rule().text().repair()),
                    new Hint(
                            Rule.UNRELEASED_REFERENCE,
                            s -> s.has(Kind.ACQUIRES),
                            s ->
                                    "What %s gave is still held where the program ends."
                                            .formatted(s.callOf(Kind.ACQUIRES)),
                            CallHints::release),
                    new Hint(
                            Rule.ENDLESS_LOOP,
                            s -> s.has(Kind.COMPARES),
                            _ ->
                                    "The loop came back to where it was with nothing changed that"
                                            + " its condition depends on.",
                            s -> s.refusal().rule().text().repair()));

    private CallHints() {}

    /** The type of program that a helper's name tells of. */
    private static String whose(Scene s) {
        var name = s.callee();
        var type =
                name.startsWith("bpf_msg_")
                        ? "sk_msg"
                        : name.startsWith("bpf_sk_redirect_") || name.startsWith("bpf_skb_")
                                ? "sk_skb"
                                : name.matches("bpf_sock_(map|hash)_update.*") ? "sockops" : "";
        return type.isEmpty()
                ? "Do without it, or do it in a program of a type that has it. Check that the"
                        + " section's name gives the type that was meant."
                : say(
                        "%s is for programs of type %s: check that the section's name, SEC(\"%s\")"
                                + " for these, gives the type that was meant; otherwise do it in a"
                                + " program of that type.",
                        name, type, type);
    }

    private static boolean mapAndContext(Scene s) {
        var types = TYPES.matcher(s.refusal().message());
        return types.find()
                && (types.group(2).equals("map_ptr") || types.group(2).equals("ctx"))
                && (types.group(3).contains("ctx") || types.group(3).contains("map_ptr"));
    }

    private static String mismatch(Scene s) {
        var types = TYPES.matcher(s.refusal().message());
        return types.find()
                ? "Argument %s is %s where %s is expected"
                        .formatted(types.group(1), word(types.group(2)), word(types.group(3)))
                : "An argument is of another kind than is expected";
    }

    private static String word(String type) {
        return switch (type) {
            case "ctx" -> "the context";
            case "map_ptr" -> "a map";
            case "fp" -> "a pointer to the stack";
            case "scalar" -> "a number";
            case "pkt" -> "a pointer into the packet";
            case "map_value" -> "a pointer to a map's value";
            case "map_value_or_null" -> "the result of a lookup, which may be null";
            default -> type.contains(", ") ? "a pointer to memory" : type;
        };
    }

    private static String release(Scene s) {
        var name = s.callOf(Kind.ACQUIRES).replace("()", "");
        return CallWords.release(name)
                .map("On every path from there, where the result is not null: %s;"::formatted)
                .orElse(s.refusal().rule().text().repair());
    }
}
