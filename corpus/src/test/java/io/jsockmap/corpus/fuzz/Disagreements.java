package io.jsockmap.corpus.fuzz;

import io.jsockmap.bpf.insn.AluOp;
import io.jsockmap.bpf.insn.Operation;
import io.jsockmap.bpf.insn.Source;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Programs of which two verifiers say different things: one, made small, for each cause. */
final class Disagreements {
    /** Programs with the same pair of messages that are looked at. */
    private static final int MOST = 200;

    private final Map<String, Integer> seen = new HashMap<>();
    private final Map<String, Integer> counts = new TreeMap<>();
    private final Map<String, String> cases = new TreeMap<>();

    /**
     * Compares the answers for a program. If they differ it is reduced to the least of which they
     * still do.
     *
     * @return the case of the corpus, if it is the first of its kind
     */
    Optional<String> compare(Draft draft, long seed) {
        var comparison = Comparison.of(draft);
        if (comparison.isEmpty() || comparison.get().agrees()) return Optional.empty();
        var shape = comparison.get().shape();
        if (seen.merge(shape, 1, Integer::sum) > MOST) return Optional.empty();
        var small = Reducer.reduce(draft, candidate -> has(candidate, shape));
        var kind = shape + suspects(small);
        if (counts.merge(kind, 1, Integer::sum) > 1) return Optional.empty();
        var answers = Comparison.of(small).orElseThrow();
        var yaml =
                CorpusYaml.of(
                        "seed " + seed,
                        small,
                        answers.kernel(),
                        "ours: " + answers.ours().orElse("accepts"));
        cases.put(kind, yaml);
        return Optional.of(yaml);
    }

    /** What in a small program is likely to be the cause, since it could not be taken away. */
    private static String suspects(Draft small) {
        Set<String> found = new TreeSet<>();
        for (var op : small.operations()) {
            switch (op.instruction().operation()) {
                case Operation.Alu(var alu, _, var source) ->
                        suspect(alu, source == Source.REGISTER).ifPresent(found::add);
                case Operation.Atomic _ -> found.add("an atomic operation");
                case Operation.MayGoto _ -> found.add("may_goto");
                case Operation.SignExtend _ -> found.add("a sign extension");
                case Operation.Swap _ -> found.add("a swap");
                default -> {}
            }
        }
        return found.isEmpty() ? "" : ", with " + String.join(", ", found);
    }

    private static Optional<String> suspect(AluOp op, boolean register) {
        return switch (op) {
            case DIV, MOD, SDIV, SMOD -> Optional.of("a division");
            case LSH, RSH, ARSH -> Optional.of(register ? "a shift by a register" : "a shift");
            default -> Optional.empty();
        };
    }

    private static boolean has(Draft draft, String shape) {
        return Comparison.of(draft).map(c -> !c.agrees() && c.shape().equals(shape)).orElse(false);
    }

    /** How many programs got different answers. */
    int count() {
        return seen.values().stream().mapToInt(Integer::intValue).sum();
    }

    boolean isEmpty() {
        return cases.isEmpty();
    }

    @Override
    public String toString() {
        var text = new StringBuilder();
        cases.forEach(
                (shape, yaml) ->
                        text.append("# %s (%d times)%n".formatted(shape, counts.get(shape)))
                                .append(yaml)
                                .append('\n'));
        return text.toString();
    }
}
