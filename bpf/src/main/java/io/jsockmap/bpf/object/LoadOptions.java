package io.jsockmap.bpf.object;

import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.program.ProgramType;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a loader changes of an object before it is loaded. Immutable: each method gives a copy.
 *
 * {@snippet class="io.jsockmap.bpf.examples.ObjectExamples" region="load"}
 *
 * @param types the type of programs whose section does not tell it, or that shall have another
 * @param maxEntries other numbers of elements, by map
 * @param maps maps that are there already and are used in place of new ones, by name
 * @param variables initial values of global variables and kernel settings, by name
 * @param without programs that are not loaded
 * @param targetTypes the kernel's types, for programs that look into its structures
 * @param verified whether programs must be accepted by the verifier; without that they are only
 *     checked while they run
 */
public record LoadOptions(
        Map<String, ProgramType> types,
        Map<String, Long> maxEntries,
        Map<String, BpfMap> maps,
        Map<String, byte[]> variables,
        Set<String> without,
        Optional<Btf> targetTypes,
        boolean verified) {

    /** Nothing changed. */
    public static final LoadOptions DEFAULT =
            new LoadOptions(
                    Map.of(), Map.of(), Map.of(), Map.of(), Set.of(), Optional.empty(), true);

    public LoadOptions {
        types = Map.copyOf(types);
        maxEntries = Map.copyOf(maxEntries);
        maps = Map.copyOf(maps);
        variables = Map.copyOf(variables);
        without = Set.copyOf(without);
    }

    /** A program, also one that is optional, is loaded with this type. */
    public LoadOptions withType(String program, ProgramType type) {
        return new LoadOptions(
                with(types, program, type),
                maxEntries,
                maps,
                variables,
                without,
                targetTypes,
                verified);
    }

    /** A map has room for another number of elements. */
    public LoadOptions withMaxEntries(String map, long count) {
        return new LoadOptions(
                types,
                with(maxEntries, map, count),
                maps,
                variables,
                without,
                targetTypes,
                verified);
    }

    /**
     * The object uses a map that is there already, of this engine, and does not make one of its
     * own: what is in it stays. Its definition must be the same.
     */
    public LoadOptions withMap(String name, BpfMap map) {
        return new LoadOptions(
                types,
                maxEntries,
                with(maps, name, map),
                variables,
                without,
                targetTypes,
                verified);
    }

    /** A global variable, {@code const} ones too, has another value; shorter ones end in zeros. */
    public LoadOptions withVariable(String name, byte[] value) {
        return new LoadOptions(
                types,
                maxEntries,
                maps,
                with(variables, name, value.clone()),
                without,
                targetTypes,
                verified);
    }

    /** A global variable of up to 8 bytes has another value. */
    public LoadOptions withVariable(String name, long value) {
        var bytes = new byte[Long.BYTES];
        for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) (value >> 8 * i);
        return withVariable(name, bytes);
    }

    /** A program is not loaded. */
    public LoadOptions without(String program) {
        var more = new HashSet<>(without);
        more.add(program);
        return new LoadOptions(types, maxEntries, maps, variables, more, targetTypes, verified);
    }

    /**
     * Types that CO-RE relocations are made for, beside those that the engine itself shows to
     * programs; of a type in both the engine's counts.
     */
    public LoadOptions withTargetTypes(Btf types) {
        return new LoadOptions(
                this.types, maxEntries, maps, variables, without, Optional.of(types), verified);
    }

    /**
     * Programs are loaded without being verified, to watch one fail that would be refused. It can
     * do no harm: every access is checked while it runs, and the first bad one ends the run.
     */
    public LoadOptions unverified() {
        return new LoadOptions(types, maxEntries, maps, variables, without, targetTypes, false);
    }

    private static <V> Map<String, V> with(Map<String, V> map, String key, V value) {
        var more = new HashMap<>(map);
        more.put(key, value);
        return more;
    }
}
