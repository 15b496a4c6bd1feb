package io.jsockmap.bpf.object;

import io.jsockmap.bpf.MalformedObjectException;
import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.btf.BtfType.DataSection;
import io.jsockmap.bpf.btf.BtfType.Placed;
import io.jsockmap.bpf.btf.BtfType.Variable;
import io.jsockmap.bpf.elf.ElfFile;
import io.jsockmap.bpf.elf.Section;
import io.jsockmap.bpf.elf.Symbol;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the global variables: those of the data sections, and those that name kernel settings. */
final class DataReader {
    static final String KCONFIG = ".kconfig";

    /** Settings are numbers, switches and short texts. */
    private static final int MAX_SETTING = 4096;

    private static final List<String> PREFIXES = List.of(".data", ".rodata", ".bss");

    private final ElfFile elf;
    private final Optional<Btf> btf;
    private final List<DataSpec> sections = new ArrayList<>();
    private final List<VariableSpec> variables = new ArrayList<>();

    DataReader(ElfFile elf, Optional<Btf> btf) {
        this.elf = elf;
        this.btf = btf;
    }

    void read() {
        for (var section : elf.sections()) {
            if (!isData(section) || section.size() == 0) continue;
            if (sections.stream().anyMatch(s -> s.name().equals(section.name()))) {
                throw new MalformedObjectException(
                        section.name(), 0, "there is another section of that name");
            }
            boolean readOnly = section.name().startsWith(".rodata");
            var bytes = Arrays.copyOf(section.bytes(), section.size());
            sections.add(new DataSpec(section.name(), bytes, readOnly));
            readVariables(section);
        }
        btf.flatMap(types -> types.dataSection(KCONFIG)).ifPresent(this::readKconfig);
    }

    List<DataSpec> sections() {
        return sections;
    }

    List<VariableSpec> variables() {
        return variables;
    }

    boolean isData(Section section) {
        return section.isData()
                && PREFIXES.stream()
                        .anyMatch(
                                prefix ->
                                        section.name().equals(prefix)
                                                || section.name().startsWith(prefix + "."));
    }

    /** Where a kernel setting lies in {@code .kconfig}, if the symbol names one. */
    Optional<VariableSpec> kconfig(String symbol) {
        return variables.stream()
                .filter(v -> v.section().equals(KCONFIG) && v.name().equals(symbol))
                .findFirst();
    }

    private void readVariables(Section section) {
        var types = typesOf(section.name());
        for (Symbol symbol : elf.symbols()) {
            boolean variable =
                    symbol.section() == section.index() && !symbol.isSection() && symbol.size() > 0;
            boolean inside =
                    symbol.value() >= 0 && symbol.size() <= section.size() - symbol.value();
            if (!variable || !inside) continue;
            variables.add(
                    new VariableSpec(
                            symbol.name(),
                            section.name(),
                            (int) symbol.value(),
                            (int) symbol.size(),
                            types.getOrDefault(symbol.name(), 0),
                            false));
        }
    }

    /** The types of a section's variables by name: BTF leaves their offsets to the symbols. */
    private Map<String, Integer> typesOf(String section) {
        Map<String, Integer> types = new HashMap<>();
        btf.flatMap(b -> b.dataSection(section))
                .ifPresent(
                        data -> {
                            for (Placed placed : data.variables()) {
                                if (btf.get().type(placed.type()) instanceof Variable variable) {
                                    types.put(variable.name(), variable.type());
                                }
                            }
                        });
        return types;
    }

    private void readKconfig(DataSection externals) {
        int offset = 0;
        for (Placed placed : externals.variables()) {
            if (!(btf.get().type(placed.type()) instanceof Variable variable)) continue;
            int size = btf.get().sizeOf(variable.type());
            if (size <= 0 || size > MAX_SETTING) {
                throw new MalformedObjectException(
                        ".BTF",
                        0,
                        "kernel setting %s has %d bytes".formatted(variable.name(), size));
            }
            int alignment = Math.clamp(Integer.highestOneBit(size), 1, Long.BYTES);
            offset = (offset + alignment - 1) / alignment * alignment;
            boolean weak =
                    elf.symbols().stream()
                            .anyMatch(s -> s.name().equals(variable.name()) && s.isWeak());
            variables.add(
                    new VariableSpec(
                            variable.name(), KCONFIG, offset, size, variable.type(), weak));
            offset += size;
        }
        if (offset > 0) sections.add(new DataSpec(KCONFIG, new byte[offset], true));
    }
}
