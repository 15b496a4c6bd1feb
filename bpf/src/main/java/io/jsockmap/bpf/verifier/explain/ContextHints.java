package io.jsockmap.bpf.verifier.explain;

import static io.jsockmap.bpf.verifier.explain.Hint.say;

import io.jsockmap.bpf.program.ContextField;
import io.jsockmap.bpf.program.Loads;
import io.jsockmap.bpf.verifier.rule.Rule;

import java.util.List;

/** Refused accesses of the context: which field it is, and how compilers came to access it so. */
final class ContextHints {
    private static final int POINTER = 8;

    static final List<Hint> ALL =
            List.of(
                    new Hint(
                            Rule.CONTEXT_ACCESS,
                            ContextHints::isHalfAPointer,
                            s ->
                                    "%s of %s is a pointer of 8 bytes, and %d are loaded."
                                            .formatted(
                                                    s.fieldName(), s.contextName(), s.accessed()),
                            s ->
                                    "Compile with clang -target bpf. The object looks built by a"
                                        + " native 32-bit clang (a host target piped through llc),"
                                        + " where pointers have 4 bytes and every field behind them"
                                        + " has another offset."),
                    new Hint(
                            Rule.CONTEXT_ACCESS,
                            s -> s.fieldSize() > 0 && spansFields(s),
                            s ->
                                    "%d bytes at offset %d are two fields at once: %s and %s."
                                            .formatted(
                                                    s.accessed(),
                                                    s.number("off").orElse(0),
                                                    s.fieldName(),
                                                    s.lastFieldName()),
                            s ->
                                    say(
                                            "Each field must be read by itself. If the compiler"
                                                + " joined the reads, make one of them volatile:"
                                                + " __u32 v = *(volatile __u32 *)&ctx->%s;",
                                            s.fieldName())),
                    new Hint(
                            Rule.CONTEXT_ACCESS,
                            s -> isKept(s),
                            s ->
                                    "%s of %s is there, but not for programs of type %s."
                                            .formatted(
                                                    s.fieldName(),
                                                    s.contextName(),
                                                    s.program().type()),
                            s ->
                                    "Use another field, or do it in a program of a type that has"
                                            + " it."),
                    new Hint(
                            Rule.CONTEXT_ACCESS,
                            s -> s.isLoad() && s.accessed() < s.fieldSize(),
                            s ->
                                    "%s of %s has %d bytes and must be read whole; %d are loaded."
                                            .formatted(
                                                    s.fieldName(),
                                                    s.contextName(),
                                                    s.fieldSize(),
                                                    s.accessed()),
                            s ->
                                    say(
                                            "If the source reads all of it, the optimiser has"
                                                + " narrowed the load because only some bits are"
                                                + " used. Read it through volatile, then shift or"
                                                + " mask: __u32 v = *(volatile __u32 *)&ctx->%s;",
                                            s.fieldName())),
                    new Hint(
                            Rule.CONTEXT_ACCESS,
                            s -> !s.isLoad() && s.fieldSize() > 0,
                            s ->
                                    "%s of %s can't be written by programs of type %s."
                                            .formatted(
                                                    s.fieldName(),
                                                    s.contextName(),
                                                    s.program().type()),
                            s -> "Keep the value in a variable or a map."),
                    new Hint(
                            Rule.CONTEXT_ACCESS,
                            s -> s.fieldSize() == 0,
                            s ->
                                    "%s has no field at offset %d for programs of type %s."
                                            .formatted(
                                                    s.contextName(),
                                                    s.number("off").orElse(0),
                                                    s.program().type()),
                            s ->
                                    "Check that the section's name gives the type whose context the"
                                            + " program uses, and that it is compiled with -target"
                                            + " bpf."));

    private ContextHints() {}

    private static boolean isHalfAPointer(Scene s) {
        return s.isLoad() && s.accessed() == 4 && s.fieldIsPointer() && s.fieldSize() == POINTER;
    }

    private static boolean spansFields(Scene s) {
        long end = s.number("off").orElse(0) + s.accessed();
        return s.field().filter(f -> end > f.offset() + f.size()).isPresent();
    }

    private static boolean isKept(Scene s) {
        return s.field().map(ContextField::loads).filter(l -> l == Loads.NONE).isPresent();
    }
}
