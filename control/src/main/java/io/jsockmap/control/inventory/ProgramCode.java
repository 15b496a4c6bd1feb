package io.jsockmap.control.inventory;

import io.jsockmap.bpf.btf.SourceLine;
import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.insn.Operation.ImmediateKind;
import io.jsockmap.bpf.insn.Operation.LoadImmediate;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.Subprogram;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;

/**
 * The instructions of a program, and what the object file tells of them.
 *
 * {@snippet class="io.jsockmap.control.examples.InventoryExamples" region="code"}
 *
 * @param code the program, its functions behind it
 * @param lines source lines by the slot at which they begin
 * @param functions the names of its functions by their first slots
 * @param maps the names of the maps that instructions refer to, by slot
 */
public record ProgramCode(
        Code code,
        NavigableMap<Integer, SourceLine> lines,
        Map<Integer, String> functions,
        Map<Integer, String> maps) {
    /** Bytes of a tag. */
    private static final int TAG = 8;

    public ProgramCode {
        functions = Map.copyOf(functions);
        maps = Map.copyOf(maps);
    }

    /** The instructions of a program that is loaded. */
    static ProgramCode of(Program program) {
        Map<Integer, String> functions = new LinkedHashMap<>();
        functions.put(0, program.name());
        for (Subprogram function : program.debug().functions()) {
            functions.put(function.start(), function.name());
        }
        return new ProgramCode(program.code(), program.debug().lines(), functions, mapsOf(program));
    }

    private static Map<Integer, String> mapsOf(Program program) {
        Map<Integer, String> names = new LinkedHashMap<>();
        for (int slot = 0; slot < program.code().size(); slot++) {
            var map = mapAt(program, slot);
            if (map.isPresent()) names.put(slot, map.get().name());
        }
        return names;
    }

    private static Optional<BpfMap> mapAt(Program program, int slot) {
        if (!refersToMap(program.code(), slot)) return Optional.empty();
        int place = (int) program.code().at(slot).orElseThrow().immediate();
        return Optional.of(program.maps().get(place));
    }

    private static boolean refersToMap(Code code, int slot) {
        return code.at(slot)
                .map(i -> i.operation())
                .filter(LoadImmediate.class::isInstance)
                .map(operation -> ((LoadImmediate) operation).reference())
                .filter(kind -> kind == ImmediateKind.MAP || kind == ImmediateKind.MAP_VALUE)
                .isPresent();
    }

    /**
     * The first bytes of the SHA-256 of the instructions, in which references to maps count for
     * nothing: equal for equal programs on every machine.
     */
    static String tagOf(Code code) {
        var bytes = code.encode();
        for (int slot = 0; slot < code.size(); slot++) {
            if (!refersToMap(code, slot)) continue;
            for (int word : new int[] {slot, slot + 1}) {
                int immediate = word * Code.SLOT + Integer.BYTES;
                Arrays.fill(bytes, immediate, immediate + Integer.BYTES, (byte) 0);
            }
        }
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(hash, 0, TAG);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
