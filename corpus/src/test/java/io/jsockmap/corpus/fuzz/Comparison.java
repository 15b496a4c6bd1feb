package io.jsockmap.corpus.fuzz;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.verifier.Options;
import io.jsockmap.bpf.verifier.Verifier;
import io.jsockmap.kernel.KernelVerifier;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What two verifiers say of a program.
 *
 * @param ours why ours refuses it; empty if it accepts
 * @param kernel why the kernel does; empty if it accepts
 */
record Comparison(Optional<String> ours, Optional<String> kernel) {
    private static final Pattern NUMBERS = Pattern.compile("0x[0-9a-f]+|-?\\d+");
    private static final Pattern LINES = Pattern.compile("\\R");

    /** Asks both. */
    static Comparison of(Program program) {
        var ours = Verifier.verify(program, Options.DEFAULT).refusal().map(r -> last(r.message()));
        var answer = KernelVerifier.verify(program, 0);
        var kernel =
                answer.accepted()
                        ? Optional.<String>empty()
                        : Optional.of(
                                answer.reason().isEmpty() ? answer.errnoName() : answer.reason());
        return new Comparison(ours, kernel);
    }

    /** The same, if the program can be made and asked about. */
    static Optional<Comparison> of(Draft draft) {
        try {
            return Optional.of(of(draft.program()));
        } catch (IllegalArgumentException | BpfException _) {
            return Optional.empty();
        }
    }

    private static String last(String message) {
        return LINES.splitAsStream(message).reduce("", (_, line) -> line);
    }

    boolean agrees() {
        return ours.isEmpty() == kernel.isEmpty();
    }

    /** The same for all programs that show the same cause, about. */
    String shape() {
        return "ours %s, the kernel %s".formatted(shape(ours), shape(kernel));
    }

    private static String shape(Optional<String> message) {
        return message.map(m -> "\"%s\"".formatted(shape(m))).orElse("accepts");
    }

    /** A message without its numbers. */
    static String shape(String message) {
        return NUMBERS.matcher(message.toLowerCase(Locale.ROOT)).replaceAll("N");
    }
}
