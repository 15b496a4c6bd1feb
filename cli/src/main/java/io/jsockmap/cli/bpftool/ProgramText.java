package io.jsockmap.cli.bpftool;

import com.google.gson.JsonElement;

import java.io.PrintWriter;

/** Programs as bpftool prints them, and their instructions as {@code disasm} does. */
final class ProgramText {
    private ProgramText() {}

    /** One program, or many. */
    static void list(JsonElement result, PrintWriter out) {
        if (result.isJsonArray()) result.getAsJsonArray().forEach(p -> print(new Fields(p), out));
        else print(new Fields(result), out);
    }

    private static void print(Fields program, PrintWriter out) {
        out.printf(
                "%s: %s  name %s  tag %s%s%n",
                program.text("id"),
                program.text("type"),
                program.text("name"),
                program.text("tag"),
                program.text("gpl_compatible").equals("true") ? "  gpl" : "");
        out.printf(
                "\txlated %sB%s%n",
                program.text("bytes_xlated"),
                program.has("map_ids") ? "  map_ids " + program.joined("map_ids") : "");
        if (program.has("btf_id")) out.printf("\tbtf_id %s%n", program.text("btf_id"));
    }

    static void dump(JsonElement result, PrintWriter out) {
        for (var element : result.getAsJsonArray()) {
            var instruction = new Fields(element);
            if (instruction.has("func")) out.printf("%s:%n", instruction.text("func"));
            if (instruction.has("src")) out.println("; " + line(instruction));
            out.printf(
                    "%5s: %s%s%n",
                    instruction.text("pos"),
                    instruction.text("disasm"),
                    instruction.has("map") ? "   ; map " + instruction.text("map") : "");
        }
    }

    private static String line(Fields instruction) {
        var file = instruction.text("file");
        return "%s:%s: %s"
                .formatted(
                        file.substring(file.lastIndexOf('/') + 1),
                        instruction.text("line_num"),
                        instruction.text("src"));
    }
}
