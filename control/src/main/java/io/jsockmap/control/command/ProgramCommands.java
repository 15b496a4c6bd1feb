package io.jsockmap.control.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.insn.Disassembler;
import io.jsockmap.bpf.program.HelperNames;
import io.jsockmap.control.inventory.Inventory;
import io.jsockmap.control.inventory.Inventory.ProgramInfo;
import io.jsockmap.control.inventory.ProgramCode;
import io.jsockmap.sockmap.map.AttachType;

import java.util.Arrays;
import java.util.stream.Collectors;

/** What is asked of programs. */
final class ProgramCommands {
    private ProgramCommands() {}

    static Result list(Inventory inventory, Request request) {
        var all = new JsonArray();
        inventory.programs().forEach(program -> all.add(describe(program)));
        return Result.of(all);
    }

    static Result show(Inventory inventory, Request request) {
        return Result.of(describe(request.program(inventory)));
    }

    private static JsonObject describe(ProgramInfo program) {
        var fields = new JsonObject();
        fields.addProperty("id", program.id());
        fields.addProperty("type", program.type());
        fields.addProperty("name", program.name());
        fields.addProperty("tag", program.tag());
        fields.addProperty("gpl_compatible", program.gplCompatible());
        fields.addProperty("bytes_xlated", program.xlatedBytes());
        if (!program.mapIds().isEmpty()) {
            var maps = new JsonArray();
            program.mapIds().forEach(maps::add);
            fields.add("map_ids", maps);
        }
        if (program.typesId() != 0) fields.addProperty("btf_id", program.typesId());
        return fields;
    }

    /** An object for each instruction, with the function and the line of C that begin there. */
    static Result dump(Inventory inventory, Request request) {
        var code = inventory.code(request.program(inventory).id());
        var all = new JsonArray();
        var disassembler = new Disassembler(Disassembler.Style.KERNEL, HelperNames::of);
        for (int slot = 0; slot < code.code().size(); slot++) {
            var instruction = code.code().at(slot);
            if (instruction.isEmpty()) continue;
            var fields = place(code, slot);
            fields.addProperty("pos", slot);
            fields.addProperty("disasm", disassembler.print(instruction.get()));
            var map = code.maps().get(slot);
            if (map != null) fields.addProperty("map", map);
            all.add(fields);
        }
        return Result.of(all);
    }

    private static JsonObject place(ProgramCode code, int slot) {
        var fields = new JsonObject();
        var function = code.functions().get(slot);
        if (function != null) fields.addProperty("func", function);
        var line = code.lines().get(slot);
        if (line != null) {
            fields.addProperty("src", line.text());
            fields.addProperty("file", line.file());
            fields.addProperty("line_num", line.line());
            fields.addProperty("line_col", line.column());
        }
        return fields;
    }

    static Result attach(Inventory inventory, Request request) {
        var program = request.program(inventory);
        inventory.attach(program.id(), attachType(request), request.map(inventory).id());
        return Result.DONE;
    }

    static Result detach(Inventory inventory, Request request) {
        var program = request.program(inventory);
        inventory.detach(program.id(), attachType(request), request.map(inventory).id());
        return Result.DONE;
    }

    private static AttachType attachType(Request request) {
        var name = request.text("attach_type").orElse("");
        return AttachType.of(name)
                .orElseThrow(
                        () ->
                                new BpfException(
                                        Errno.EINVAL,
                                        "no attach type is called %s (there are: %s)"
                                                .formatted(
                                                        name,
                                                        Arrays.stream(AttachType.values())
                                                                .map(AttachType::toString)
                                                                .collect(
                                                                        Collectors.joining(
                                                                                ", ")))));
    }
}
