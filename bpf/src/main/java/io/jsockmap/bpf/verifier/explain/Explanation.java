package io.jsockmap.bpf.verifier.explain;

import io.jsockmap.bpf.insn.Operation.Store;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.verifier.flow.RegisterUse;
import io.jsockmap.bpf.verifier.log.InstructionText;
import io.jsockmap.bpf.verifier.rule.Refusal;
import io.jsockmap.bpf.verifier.rule.Rule;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Why a program is refused, for people: four short parts.
 *
 * {@snippet class="io.jsockmap.bpf.examples.VerifierExamples" region="explained"}
 *
 * @param reason which rule it breaks, with the values at hand
 * @param at the line of C, if it is known, and the instruction
 * @param path the instructions that brought it about, oldest first; empty if there are none
 * @param suggestion what would make it legal
 */
public record Explanation(String reason, List<String> at, List<String> path, String suggestion) {
    private static final int MAX_STEPS = 8;
    private static final int WIDTH = 100;

    private static final Pattern TAKEN_BY = Pattern.compile("alloc_insn=(\\d+)");

    /** Calls that are refused whatever their arguments. */
    private static final Set<Rule> NO_MATTER_WITH_WHAT =
            EnumSet.of(
                    Rule.UNKNOWN_HELPER,
                    Rule.HELPER_NOT_ALLOWED,
                    Rule.GPL_ONLY,
                    Rule.UNKNOWN_KFUNC,
                    Rule.FAILED_RELOCATION);

    /** Rows from the special to the general; the first that fits counts. */
    private static final List<Hint> HINTS =
            Stream.of(ContextHints.ALL, MemoryHints.ALL, CallHints.ALL)
                    .flatMap(List::stream)
                    .toList();

    public Explanation {
        at = List.copyOf(at);
        path = List.copyOf(path);
    }

    /** Explains why that program was refused. */
    public static Explanation of(Program program, Refusal refusal) {
        var scene = new Scene(program, refusal, steps(program, refusal));
        var text = refusal.rule().text();
        var hint = HINTS.stream().filter(h -> h.fits(scene)).findFirst();
        return new Explanation(
                hint.map(h -> h.reason().apply(scene))
                        .orElseGet(() -> text.title() + ". " + text.meaning()),
                at(program, refusal),
                path(program, scene.steps()),
                hint.map(h -> h.suggestion().apply(scene)).orElse(text.repair()));
    }

    private static List<Step> steps(Program program, Refusal refusal) {
        var path = refusal.path();
        if (path.isEmpty()) return List.of();
        var taken = TAKEN_BY.matcher(refusal.message());
        if (taken.find()) return taken(program, path, Integer.parseInt(taken.group(1)));
        if (refusal.rule() == Rule.ENDLESS_LOOP) return Turns.of(program, path);
        if (NO_MATTER_WITH_WHAT.contains(refusal.rule())) return List.of();
        var steps = Slice.of(program, path, registers(program, refusal));
        if (refusal.rule() != Rule.PACKET_BOUNDS || refusal.registers().isEmpty()) return steps;
        return merged(path, steps, PacketChecks.of(program, path, refusal.registers().getFirst()));
    }

    /** The registers that it is about, by bits. */
    private static int registers(Program program, Refusal refusal) {
        int registers = 0;
        for (int register : refusal.registers()) registers |= 1 << register;
        var instruction = program.slot(refusal.path().getLast());
        if (registers != 0 || instruction == null) return registers;
        boolean store = instruction.operation() instanceof Store;
        return store ? 1 << instruction.dst() : RegisterUse.read(program, instruction);
    }

    /** Steps in the order of the path; of two at one place the later list's. */
    private static List<Step> merged(List<Integer> path, List<Step> some, List<Step> others) {
        var bySlot = new TreeMap<Integer, Step>();
        for (var step : some) bySlot.put(path.lastIndexOf(step.slot()), step);
        for (var step : others) bySlot.put(path.lastIndexOf(step.slot()), step);
        return List.copyOf(bySlot.values());
    }

    private static List<Step> taken(Program program, List<Integer> path, int slot) {
        List<Step> steps = new ArrayList<>();
        steps.add(new Step(slot, Step.Kind.ACQUIRES, "takes it"));
        int from = path.lastIndexOf(slot);
        if (from >= 0) steps.addAll(Turns.from(program, path, from + 1));
        return steps;
    }

    private static List<String> at(Program program, Refusal refusal) {
        List<String> at = new ArrayList<>();
        refusal.line().ifPresent(line -> at.add(line.toString()));
        if (program.slot(refusal.slot()) != null) {
            at.add(new InstructionText(program).at(refusal.slot()));
        }
        return at;
    }

    private static List<String> path(Program program, List<Step> steps) {
        var text = new InstructionText(program);
        List<String> lines = new ArrayList<>();
        String last = "";
        for (var step : steps.subList(Math.max(0, steps.size() - MAX_STEPS), steps.size())) {
            var line = program.lineOf(step.slot()).map(Object::toString).orElse("");
            if (!line.isEmpty() && !line.equals(last)) lines.add("; " + line);
            last = line;
            lines.add("%s: %s".formatted(text.at(step.slot()), step.note()));
        }
        return lines;
    }

    /** The four parts, each with its name in front and its further lines indented. */
    @Override
    public String toString() {
        var text = new StringBuilder();
        part(text, "Reason", wrapped(reason));
        part(text, "At", at);
        part(text, "Path", path.isEmpty() ? List.of("nothing before it matters") : path);
        part(text, "Suggestion", wrapped(suggestion));
        return text.toString();
    }

    private static List<String> wrapped(String sentence) {
        List<String> lines = new ArrayList<>();
        var line = new StringBuilder();
        for (var word : sentence.split(" ", -1)) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > WIDTH) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    private static void part(StringBuilder text, String name, List<String> lines) {
        var label = name + ":";
        for (var line : lines) {
            text.append("%-12s%s%n".formatted(label, line));
            label = "";
        }
    }
}
