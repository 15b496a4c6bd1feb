package io.jsockmap.control.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.btf.BtfValues;
import io.jsockmap.bpf.insn.Disassembler;
import io.jsockmap.bpf.interpreter.Interpreter;
import io.jsockmap.control.inventory.EngineInventory;
import io.jsockmap.control.inventory.Form;
import io.jsockmap.control.inventory.Inventory;
import io.jsockmap.control.inventory.MapContent;
import io.jsockmap.control.inventory.ProgramCode;
import io.jsockmap.control.inventory.Value;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.UserObject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** How what an engine has is looked at in its own process. */
class InventoryExamples {
    private final UserEngine engine =
            UserEngine.open(UserEngine.Settings.DEFAULT.with(new Interpreter()));
    private final UserObject object =
            engine.load(Path.of("src/test/resources/programs/inventory.bpf.o"));

    @AfterEach
    void close() {
        engine.close();
    }

    // @start region="elements"
    /** The elements of a map of that name, in words. */
    private static List<String> elements(Inventory inventory, String name) {
        List<String> found = new ArrayList<>();
        for (Inventory.MapInfo map : inventory.maps()) {
            if (!map.name().equals(name)) continue;
            MapContent content = inventory.content(map.id());
            for (MapContent.Element element : content.elements()) {
                var key = text(content.keyForm(), element.key());
                found.add(key + " = " + text(content.valueForm(), element.value()));
            }
        }
        return found;
    }

    // @end

    // @start region="values"
    private static String text(Form form, Value value) {
        return switch (value) {
            case Value.Bytes(byte[] bytes) -> text(form, bytes);
            case Value.PerCpu(List<byte[]> all) ->
                    "%s on each of %d CPUs".formatted(text(form, all.getFirst()), all.size());
            case Value.Socket socket -> socket.local() + " " + socket.state();
            case Value.OfProgram(int id) -> "program " + id;
            case Value.OfMap(int id) -> "map " + id;
        };
    }

    private static String text(Form form, byte[] bytes) {
        return form instanceof Form.Typed(Btf types, int type, _)
                ? new BtfValues(types).read(type, bytes).toString()
                : HexFormat.of().formatHex(bytes);
    }

    // @end

    @Test
    void theElementsOfAMapAreThereInWords() {
        // @start region="engine"
        Inventory inventory = new EngineInventory(engine, List.of(object));
        assertThat(elements(inventory, "plain"))
                .containsExactly("00000000 = 000000", "01000000 = 000000");
        // @end
        assertThat(elements(inventory, "counters")).first().asString().startsWith("0 = ");
        assertThat(elements(inventory, "outer")).containsExactly("00000000 = map 1");
    }

    @Test
    void theInstructionsOfAProgramAreThereWithTheirLines() {
        List<String> printed = new ArrayList<>();
        var inventory = new EngineInventory(engine, List.of(object));
        // @start region="code"
        Inventory.ProgramInfo guard = inventory.programs().getLast();
        ProgramCode program = inventory.code(guard.id());
        Disassembler disassembler = new Disassembler(Disassembler.Style.KERNEL);
        program.lines().forEach((slot, line) -> printed.add(line.text()));
        printed.add(disassembler.print(program.code().instructions().getLast()));
        // @end

        assertThat(printed).contains("(95) exit");
    }
}
