package io.jsockmap.corpus;

import io.jsockmap.bpf.insn.Assembler;
import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.program.HelperNames;
import io.jsockmap.bpf.program.ProgramType;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Code in the assembler's language with names for maps, helpers, functions of the kernel and
 * callbacks.
 *
 * @param functions the functions behind the main one, by their slots: what is called, and callbacks
 */
record CorpusText(Code code, Map<Integer, String> functions) {
    private static final Pattern COMMENT = Pattern.compile("\\s*(;|//|^#|\\s#).*$");
    private static final Pattern LABEL = Pattern.compile("^([A-Za-z_.][\\w.]*):\\s*");
    private static final Pattern MAP = Pattern.compile("(r\\d+) = map (\\w+)");
    private static final Pattern VALUE = Pattern.compile("(r\\d+) = value (\\w+)\\s*\\+\\s*(\\d+)");
    private static final Pattern KFUNC = Pattern.compile("call kfunc (\\w+)");
    private static final Pattern CALL = Pattern.compile("call ([A-Za-z_.]\\w*)");
    private static final Pattern FUNCTION = Pattern.compile("(r\\d+) = function (\\w+)");
    private static final Pattern TWO_SLOTS =
            Pattern.compile(
                    "r\\d+\\s*=\\s*((map|value|function) .*|(map|subprog|btf)\\[.*|.*\\bll)");

    private static final Map<String, Integer> HELPERS = helpers();

    static CorpusText read(String text, ProgramType type, List<String> maps) {
        return new Reader(type, maps).read(text);
    }

    private static Map<String, Integer> helpers() {
        Map<String, Integer> numbers = new HashMap<>();
        for (int i = 0; !HelperNames.of(i).equals("unknown"); i++) {
            numbers.put(HelperNames.of(i), i);
        }
        return numbers;
    }

    private static final class Reader {
        private final ProgramType type;
        private final List<String> maps;
        private final Map<String, Integer> labels = new HashMap<>();
        private final Map<Integer, String> functions = new TreeMap<>();
        private int slot;

        Reader(ProgramType type, List<String> maps) {
            this.type = type;
            this.maps = maps;
        }

        CorpusText read(String text) {
            var lines = text.lines().map(Reader::plain).toList();
            lines.forEach(this::findLabels);
            slot = 0;
            List<String> assembly = new ArrayList<>();
            for (var line : lines) assembly.add(translate(line));
            return new CorpusText(Assembler.assemble(String.join("\n", assembly)), functions);
        }

        /** Without its comment; a variant's offset may have a sign of its own. */
        private static String plain(String line) {
            return COMMENT.matcher(line).replaceFirst("").strip().replaceAll("\\+\\s*-", "- ");
        }

        private void findLabels(String line) {
            var rest = line;
            for (var m = LABEL.matcher(rest); m.find(); m = LABEL.matcher(rest)) {
                labels.put(m.group(1), slot);
                rest = rest.substring(m.end());
            }
            slot += slots(rest);
        }

        private static int slots(String instruction) {
            if (instruction.isEmpty()) return 0;
            return TWO_SLOTS.matcher(instruction).matches() ? 2 : 1;
        }

        private String translate(String line) {
            int start = 0;
            for (var m = LABEL.matcher(line.substring(start)); m.find(); ) {
                start += m.end();
                m = LABEL.matcher(line.substring(start));
            }
            var instruction = line.substring(start);
            var translated = line.substring(0, start) + instruction(instruction);
            slot += slots(instruction);
            return translated;
        }

        private String instruction(String text) {
            var map = MAP.matcher(text);
            if (map.matches()) return "%s = map[fd:%d]".formatted(map.group(1), place(map));
            var value = VALUE.matcher(text);
            if (value.matches()) {
                return "%s = map[fd:%d][0]+%s"
                        .formatted(value.group(1), place(value), value.group(3));
            }
            var kfunc = KFUNC.matcher(text);
            if (kfunc.matches()) return "call kfunc#%d@0".formatted(kfunc(kfunc.group(1)));
            var function = FUNCTION.matcher(text);
            if (function.matches()) {
                int distance = function(function.group(2)) - slot - 1;
                return "%s = subprog[%+d]".formatted(function.group(1), distance);
            }
            var call = CALL.matcher(text);
            return call.matches() ? call(text, call.group(1)) : text;
        }

        private int place(Matcher match) {
            int place = maps.indexOf(match.group(2));
            if (place < 0) throw new IllegalArgumentException("no map " + match.group(2));
            return place;
        }

        private int kfunc(String name) {
            return type.placeOfKfunc(name)
                    .orElseThrow(
                            () -> new IllegalArgumentException(type + " has no kfunc " + name));
        }

        private int function(String label) {
            var start = labels.get(label);
            if (start == null) throw new IllegalArgumentException("no label " + label);
            if (start != 0) functions.put(start, label);
            return start;
        }

        private String call(String text, String name) {
            if (labels.containsKey(name)) {
                function(name);
                return text;
            }
            var number = HELPERS.get(name);
            if (number == null) throw new IllegalArgumentException("no helper or label " + name);
            return "call " + number;
        }
    }
}
