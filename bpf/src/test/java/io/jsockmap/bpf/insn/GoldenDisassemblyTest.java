package io.jsockmap.bpf.insn;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Fixtures;
import io.jsockmap.bpf.elf.ElfFile;
import io.jsockmap.bpf.elf.Section;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** Our text for whole objects is llvm-objdump's, as it lies beside them. */
class GoldenDisassemblyTest {

    /** llvm-objdump --mcpu=v4 calls registers of up to 32 bits w in loads and stores; we do not. */
    private static final String NARROW_LOAD = "^w(\\d+ = \\*\\()";

    private static final String NARROW_STORE = "^(\\*\\(u\\d+ \\*\\)\\(.*\\) = )w(\\d+)$";

    @ParameterizedTest
    @ValueSource(strings = {"cpu-v1", "cpu-v4", "atomics", "subprograms", "globals", "btf-maps"})
    void anObjectReadsAsInObjdump(String name) throws IOException {
        var theirs =
                golden(name + ".objdump-v4.txt").stream()
                        .map(l -> l.replaceFirst(NARROW_LOAD, "r$1"))
                        .map(l -> l.replaceFirst(NARROW_STORE, "$1r$2"))
                        .toList();

        assertThat(ours(name)).isEqualTo(theirs);
    }

    /** Without a CPU level objdump does not know all instructions; those it knows read alike. */
    @ParameterizedTest
    @ValueSource(strings = {"cpu-v1", "cpu-v4", "subprograms", "globals", "btf-maps"})
    void anObjectReadsAsInObjdumpOfNoCpuLevel(String name) throws IOException {
        var ours = ours(name);
        var theirs = golden(name + ".objdump.txt");

        assertThat(theirs).hasSameSizeAs(ours);
        for (int i = 0; i < ours.size(); i++) {
            if (!theirs.get(i).equals("<unknown>"))
                assertThat(ours.get(i)).isEqualTo(theirs.get(i));
        }
    }

    private static List<String> ours(String name) throws IOException {
        var disassembler = new Disassembler(Disassembler.Style.LLVM);
        List<String> lines = new ArrayList<>();
        for (var section : ElfFile.read(Files.readAllBytes(Fixtures.path(name))).sections()) {
            if (!section.isCode()) continue;
            for (var instruction : code(section)) {
                lines.add(withoutSymbol(disassembler.print(instruction)));
            }
        }
        return lines;
    }

    private static List<Instruction> code(Section section) {
        return Code.decode(section.bytes()).instructions();
    }

    private static List<String> golden(String file) throws IOException {
        return Files.readAllLines(Fixtures.path("").resolveSibling(file)).stream()
                .filter(line -> line.startsWith("\t"))
                .map(line -> withoutSymbol(line.strip()))
                .toList();
    }

    private static String withoutSymbol(String line) {
        return line.equals("<unknown>") ? line : line.replaceFirst(" <\\S+>$", "");
    }
}
