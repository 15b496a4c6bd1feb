package io.jsockmap.bpf.insn;

import static io.jsockmap.bpf.insn.Statement.NO_LABEL;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads instructions from text, a line each, in the styles of {@link Disassembler}.
 *
 * <p>A line may have its slot ({@code 12:}) or opcode ({@code (b7)}) in front, and {@code <...>} or
 * a comment ({@code ;}, {@code //}, {@code #}) behind. A line {@code name:} defines a label that
 * jumps and local calls may name.
 *
 * {@snippet class="io.jsockmap.bpf.examples.InstructionExamples" region="assemble"}
 */
public final class Assembler {
    private static final Pattern COMMENT = Pattern.compile("\\s*(;|//|^#|\\s#).*$");
    private static final Pattern SLOT = Pattern.compile("^\\d+:\\s*");
    private static final Pattern OPCODE = Pattern.compile("^\\(([0-9a-f]{2})\\)\\s*");
    private static final Pattern LABEL = Pattern.compile("^([A-Za-z_.][\\w.]*):\\s*");

    private final List<Statement.Parsed> parsed = new ArrayList<>();
    private final List<Integer> lines = new ArrayList<>();
    private final Map<String, Integer> labels = new HashMap<>();
    private int slot;

    private Assembler() {}

    /**
     * Assembles a text.
     *
     * @throws MalformedCodeException naming the line (from 1) that is not understood, that defines
     *     a label again, or that jumps to a label that nobody defines or that is too far away
     */
    public static Code assemble(String text) {
        return new Assembler().read(text);
    }

    private Code read(String text) {
        var rows = text.split("\n", -1);
        for (int line = 1; line <= rows.length; line++) read(rows[line - 1], line);
        List<Instruction> instructions = new ArrayList<>();
        int at = 0;
        for (int i = 0; i < parsed.size(); i++) {
            var instruction = resolve(parsed.get(i), at, lines.get(i));
            instructions.add(instruction);
            at += instruction.slots();
        }
        return Code.of(instructions);
    }

    private void read(String row, int line) {
        var text = SLOT.matcher(COMMENT.matcher(row).replaceFirst("").strip()).replaceFirst("");
        for (var label = LABEL.matcher(text); label.find(); label = LABEL.matcher(text)) {
            if (labels.putIfAbsent(label.group(1), slot) != null) {
                throw new MalformedCodeException(
                        "line", line, "label %s again".formatted(label.group(1)));
            }
            text = text.substring(label.end());
        }
        int code = -1;
        var opcode = OPCODE.matcher(text);
        if (opcode.find()) {
            code = Integer.parseInt(opcode.group(1), 16);
            text = text.substring(opcode.end());
        }
        if (text.isEmpty()) return;
        var statement = Statement.parse(text, code);
        if (statement == null) {
            throw new MalformedCodeException("line", line, "not an instruction: " + text);
        }
        parsed.add(statement);
        lines.add(line);
        slot += statement.instruction().slots();
    }

    private Instruction resolve(Statement.Parsed statement, int at, int line) {
        var i = statement.instruction();
        if (statement.label().equals(NO_LABEL)) return i;
        var target = labels.get(statement.label());
        if (target == null) {
            throw new MalformedCodeException("line", line, "no label " + statement.label());
        }
        int distance = target - at - 1;
        boolean inImmediate =
                i.operation() instanceof Operation.Call
                        || i.operation() instanceof Operation.Goto(boolean far) && far;
        if (inImmediate) return i.withImmediate(distance);
        if (distance != (short) distance) {
            throw new MalformedCodeException(
                    "line",
                    line,
                    "label %s is %d instructions away, more than 16 bits: use gotol"
                            .formatted(statement.label(), distance));
        }
        return new Instruction(i.opcode(), i.dst(), i.src(), distance, i.immediate());
    }
}
