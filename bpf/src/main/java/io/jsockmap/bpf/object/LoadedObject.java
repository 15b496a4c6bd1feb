package io.jsockmap.bpf.object;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.program.Program;

import java.util.Collections;
import java.util.Map;

/**
 * An object whose maps exist and whose programs can run.
 *
 * {@snippet class="io.jsockmap.bpf.examples.ObjectExamples" region="load"}
 */
public final class LoadedObject {
    private final ObjectSpec spec;
    private final Map<String, BpfMap> maps;
    private final Map<String, Program> programs;
    private final Map<String, Variable> variables;
    private final Map<String, String> skipped;
    private final Map<String, BpfException> missing;

    LoadedObject(
            ObjectSpec spec,
            Map<String, BpfMap> maps,
            Map<String, Program> programs,
            Map<String, Variable> variables,
            Map<String, String> skipped,
            Map<String, BpfException> missing) {
        this.spec = spec;
        this.maps = Collections.unmodifiableMap(maps);
        this.programs = Collections.unmodifiableMap(programs);
        this.variables = Collections.unmodifiableMap(variables);
        this.skipped = Collections.unmodifiableMap(skipped);
        this.missing = Map.copyOf(missing);
    }

    /** What was loaded. */
    public ObjectSpec spec() {
        return spec;
    }

    /** The maps by name, in the file's order; a data section is a map of the section's name. */
    public Map<String, BpfMap> maps() {
        return maps;
    }

    /** The programs by name, in the file's order. */
    public Map<String, Program> programs() {
        return programs;
    }

    /** The programs that were not loaded, and why. */
    public Map<String, String> skipped() {
        return skipped;
    }

    /**
     * The map of that name.
     *
     * @throws BpfException ENOENT naming the maps there are, or why it could not be made
     */
    public BpfMap map(String name) {
        if (missing.containsKey(name)) throw missing.get(name);
        return named("map", name, maps);
    }

    /**
     * The program of that name.
     *
     * @throws BpfException ENOENT naming the programs there are, or why it was not loaded
     */
    public Program program(String name) {
        if (skipped.containsKey(name)) {
            throw new BpfException(
                    Errno.ENOENT,
                    "program %s was not loaded: %s".formatted(name, skipped.get(name)));
        }
        return named("program", name, programs);
    }

    /**
     * The global variable of that name.
     *
     * @throws BpfException ENOENT naming the variables there are
     */
    public Variable variable(String name) {
        return named("variable", name, variables);
    }

    private <T> T named(String kind, String name, Map<String, T> all) {
        var found = all.get(name);
        if (found != null) return found;
        throw new BpfException(
                Errno.ENOENT,
                "%s has no %s named %s (it has: %s)"
                        .formatted(
                                spec.name(),
                                kind,
                                name,
                                all.isEmpty() ? "none" : String.join(", ", all.keySet())));
    }
}
