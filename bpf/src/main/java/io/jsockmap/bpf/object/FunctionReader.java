package io.jsockmap.bpf.object;

import io.jsockmap.bpf.MalformedObjectException;
import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.btf.BtfExt;
import io.jsockmap.bpf.btf.SourceLine;
import io.jsockmap.bpf.core.CoreRelocation;
import io.jsockmap.bpf.elf.ElfFile;
import io.jsockmap.bpf.elf.Relocation;
import io.jsockmap.bpf.elf.Section;
import io.jsockmap.bpf.elf.Symbol;
import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.MalformedCodeException;
import io.jsockmap.bpf.insn.Operation.Callee;
import io.jsockmap.bpf.insn.Operation.LoadImmediate;
import io.jsockmap.bpf.object.Reference.ToData;
import io.jsockmap.bpf.object.Reference.ToFunction;
import io.jsockmap.bpf.object.Reference.ToKernel;
import io.jsockmap.bpf.object.Reference.ToMap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Finds the functions of an object file and what their instructions refer to. */
final class FunctionReader {
    private final ElfFile elf;
    private final Optional<Btf> btf;
    private final Optional<BtfExt> ext;
    private final MapReader maps;
    private final DataReader data;

    FunctionReader(
            ElfFile elf, Optional<Btf> btf, Optional<BtfExt> ext, MapReader maps, DataReader data) {
        this.elf = elf;
        this.btf = btf;
        this.ext = ext;
        this.maps = maps;
        this.data = data;
    }

    List<FunctionSpec> read() {
        List<FunctionSpec> functions = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (var section : elf.sections()) {
            if (!section.isCode()) continue;
            if (!names.add(section.name())) {
                throw new MalformedObjectException(
                        section.name(), 0, "there is another section of that name");
            }
            var relocations = elf.relocationsOf(section);
            long free = 0;
            for (var symbol : functionsOf(section)) {
                functions.add(read(section, symbol, relocations));
                if (symbol.value() < free) {
                    throw new MalformedObjectException(
                            section.name(),
                            symbol.value(),
                            "function %s begins inside of another".formatted(symbol.name()));
                }
                free = symbol.value() + symbol.size();
            }
        }
        return functions;
    }

    private List<Symbol> functionsOf(Section section) {
        return elf.symbols().stream()
                .filter(s -> s.section() == section.index() && s.isFunction())
                .sorted(Comparator.comparingLong(Symbol::value))
                .toList();
    }

    private FunctionSpec read(Section section, Symbol symbol, List<Relocation> relocations) {
        long start = symbol.value();
        boolean inside = start >= 0 && symbol.size() > 0 && symbol.size() <= section.size() - start;
        if (!inside || start % Code.SLOT != 0) {
            throw new MalformedObjectException(
                    section.name(),
                    start,
                    "function %s has %d bytes there".formatted(symbol.name(), symbol.size()));
        }
        int end = (int) (start + symbol.size());
        try {
            var code = decode(section, (int) start, end);
            var references = references(section, (int) start, code, relocations);
            var layouts = coreRelocations(section, (int) start, code, references);
            return function(section, symbol, code, references, layouts, Optional.empty());
        } catch (MalformedObjectException problem) {
            // It may be a program of a kind that is none of ours: only a use of it is an error.
            return function(
                    section,
                    symbol,
                    Code.of(List.of()),
                    List.of(),
                    List.of(),
                    Optional.of(problem));
        }
    }

    private FunctionSpec function(
            Section section,
            Symbol symbol,
            Code code,
            List<Reference> references,
            List<CoreRelocation> relocations,
            Optional<MalformedObjectException> problem) {
        int start = (int) symbol.value();
        return new FunctionSpec(
                symbol.name(),
                section.name(),
                start,
                !symbol.isLocal() && !symbol.isHidden(),
                ext.map(types -> types.functionsOf(section.name()).getOrDefault(start, 0))
                        .orElse(0),
                code,
                references,
                relocations,
                lines(section, start, start + (int) symbol.size()),
                problem);
    }

    private static Code decode(Section section, int start, int end) {
        try {
            return Code.decode(Arrays.copyOfRange(section.bytes(), start, end));
        } catch (MalformedCodeException e) {
            throw new MalformedObjectException(
                    section.name(), start + (long) e.position() * Code.SLOT, e.problem());
        }
    }

    private NavigableMap<Integer, SourceLine> lines(Section section, int start, int end) {
        var lines = new TreeMap<Integer, SourceLine>();
        if (ext.isEmpty()) return lines;
        ext.get()
                .linesOf(section.name())
                .subMap(start, true, end, false)
                .forEach((offset, line) -> lines.put((offset - start) / Code.SLOT, line));
        return lines;
    }

    private List<CoreRelocation> coreRelocations(
            Section section, int start, Code code, List<Reference> references) {
        List<CoreRelocation> relocations = new ArrayList<>();
        if (btf.isEmpty() || ext.isEmpty()) return relocations;
        for (var entry : ext.get().relocationsOf(section.name())) {
            int slot = (entry.offset() - start) / Code.SLOT;
            if (entry.offset() < start || slot >= code.size()) continue;
            boolean free = references.stream().noneMatch(r -> r.slot() == slot);
            if (entry.offset() % Code.SLOT != 0 || code.at(slot).isEmpty() || !free) {
                throw new MalformedObjectException(
                        section.name(),
                        entry.offset(),
                        "bad CO-RE relocation: it is not at an instruction of its own");
            }
            relocations.add(CoreRelocation.of(btf.get(), entry, slot));
        }
        return relocations;
    }

    private List<Reference> references(
            Section section, int start, Code code, List<Relocation> relocations) {
        List<Reference> references = new ArrayList<>();
        Set<Integer> relocated = new HashSet<>();
        for (var relocation : relocations) {
            int slot = (relocation.offset() - start) / Code.SLOT;
            if (relocation.offset() < start || slot >= code.size()) continue;
            var instruction = code.at(slot).orElse(null);
            if (instruction == null || relocation.offset() % Code.SLOT != 0) {
                throw bad(section, relocation, "it is not at an instruction");
            }
            references.add(reference(section, relocation, slot, instruction));
            relocated.add(slot);
        }
        for (int slot = 0; slot < code.size(); slot++) {
            var instruction = code.at(slot).orElse(null);
            if (instruction == null || relocated.contains(slot)) continue;
            // The compiler has resolved it by itself, so that only linking can move it.
            if (instruction.namesFunction()) {
                int target = start + (int) instruction.functionAt(slot) * Code.SLOT;
                references.add(new ToFunction(slot, section.name(), target));
            }
        }
        return references;
    }

    private Reference reference(
            Section section, Relocation relocation, int slot, Instruction instruction) {
        var symbol = relocation.symbol();
        boolean address = instruction.operation() instanceof LoadImmediate;
        boolean call = instruction.calls(Callee.LOCAL);
        if (!address && !call && !symbol.isExternal()) {
            throw bad(section, relocation, "it is neither a local call nor a 64-bit immediate");
        }
        if (symbol.isExternal()) return external(section, relocation, slot);
        if (symbol.section() >= elf.sections().size()) {
            throw bad(section, relocation, "symbol %s has no section".formatted(symbol.name()));
        }
        var target = elf.sections().get(symbol.section());
        if (target.isCode()) {
            // A call counts slots from behind itself; an address counts bytes.
            long addend =
                    address ? instruction.immediate() : (instruction.immediate() + 1) * Code.SLOT;
            return new ToFunction(slot, target.name(), (int) (symbol.value() + addend));
        }
        if (!address) throw bad(section, relocation, "a call of data " + symbol.name());
        if (maps.isMapSection(target)) {
            return maps.mapAt(
                            target,
                            symbol.value() + (symbol.isSection() ? instruction.immediate() : 0))
                    .map(map -> new ToMap(slot, map))
                    .orElseThrow(
                            () ->
                                    bad(
                                            section,
                                            relocation,
                                            "no map at %d of section %s"
                                                    .formatted(symbol.value(), target.name())));
        }
        if (data.isData(target)) {
            long offset = symbol.value() + (int) instruction.immediate();
            return new ToData(slot, target.name(), (int) offset);
        }
        throw bad(
                section,
                relocation,
                "symbol %s lies in section %s, which has no maps, data or functions"
                        .formatted(symbol.name(), target.name()));
    }

    private Reference external(Section section, Relocation relocation, int slot) {
        var symbol = relocation.symbol();
        if (symbol.name().isEmpty()) throw bad(section, relocation, "its symbol has no name");
        return data.kconfig(symbol.name())
                .<Reference>map(v -> new ToData(slot, v.section(), v.offset()))
                .orElseGet(() -> new ToKernel(slot, symbol.name(), symbol.isWeak()));
    }

    private static MalformedObjectException bad(
            Section section, Relocation relocation, String problem) {
        return new MalformedObjectException(
                section.name(), relocation.offset(), "bad relocation: " + problem);
    }
}
