package io.jsockmap.bpf.object;

import io.jsockmap.bpf.btf.Btf;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An object file, read and understood: a value, equal on every machine. {@link ObjectLoader} makes
 * something that runs of it.
 *
 * {@snippet class="io.jsockmap.bpf.examples.ObjectExamples" region="read"}
 */
public final class ObjectSpec {
    private final String name;
    private final Optional<String> license;
    private final Optional<Btf> btf;
    private final List<MapSpec> maps;
    private final List<DataSpec> data;
    private final List<VariableSpec> variables;
    private final List<ProgramSpec> programs;
    private final Map<String, FunctionSpec> functions;
    private final List<String> notes;

    ObjectSpec(
            String name,
            Optional<String> license,
            Optional<Btf> btf,
            List<MapSpec> maps,
            List<DataSpec> data,
            List<VariableSpec> variables,
            List<ProgramSpec> programs,
            Map<String, FunctionSpec> functions,
            List<String> notes) {
        this.name = name;
        this.license = license;
        this.btf = btf;
        this.maps = List.copyOf(maps);
        this.data = List.copyOf(data);
        this.variables = List.copyOf(variables);
        this.programs = List.copyOf(programs);
        this.functions = Map.copyOf(functions);
        this.notes = List.copyOf(notes);
    }

    /** The file's name. */
    public String name() {
        return name;
    }

    /** What the section {@code license} says, if there is one. */
    public Optional<String> license() {
        return license;
    }

    /** Whether any instruction depends on layouts of types that programs meet (CO-RE). */
    public boolean dependsOnTypes() {
        return functions.values().stream().anyMatch(f -> !f.relocations().isEmpty());
    }

    /** The types, if the file has any. */
    public Optional<Btf> btf() {
        return btf;
    }

    /** The maps that the file defines; the data sections are not among them. */
    public List<MapSpec> maps() {
        return maps;
    }

    /** The data sections, {@code .kconfig} included. */
    public List<DataSpec> data() {
        return data;
    }

    /** The global variables of the data sections. */
    public List<VariableSpec> variables() {
        return variables;
    }

    /** The programs in the file's order. */
    public List<ProgramSpec> programs() {
        return programs;
    }

    /** What a person should know about the file: what was passed over, and why. */
    public List<String> notes() {
        return notes;
    }

    /** The functions by section and offset, those that only other functions call included. */
    public List<FunctionSpec> functions() {
        return functions.values().stream()
                .sorted(
                        Comparator.comparing(FunctionSpec::section)
                                .thenComparingInt(FunctionSpec::offset))
                .toList();
    }

    /** The function that begins at a byte of a section. */
    public Optional<FunctionSpec> function(String section, int offset) {
        return Optional.ofNullable(functions.get(placeOf(section, offset)));
    }

    FunctionSpec function(ProgramSpec program) {
        return functions.get(program.place());
    }

    static String placeOf(String section, int offset) {
        return section + "+" + offset;
    }
}
