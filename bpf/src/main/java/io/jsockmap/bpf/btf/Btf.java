package io.jsockmap.bpf.btf;

import io.jsockmap.bpf.MalformedObjectException;
import io.jsockmap.bpf.btf.BtfType.Array;
import io.jsockmap.bpf.btf.BtfType.DataSection;
import io.jsockmap.bpf.btf.BtfType.Enumeration;
import io.jsockmap.bpf.btf.BtfType.Floating;
import io.jsockmap.bpf.btf.BtfType.Int;
import io.jsockmap.bpf.btf.BtfType.Modifier;
import io.jsockmap.bpf.btf.BtfType.Pointer;
import io.jsockmap.bpf.btf.BtfType.Struct;
import io.jsockmap.bpf.btf.BtfType.Typedef;
import io.jsockmap.bpf.btf.BtfType.Variable;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * The types of an object file, by number. All references are known to be sound.
 *
 * {@snippet class="io.jsockmap.bpf.examples.BtfExamples" region="types"}
 */
public final class Btf {
    /** As deep as the kernel resolves types (its MAX_RESOLVE_DEPTH). */
    private static final int MAX_DEPTH = 32;

    private final List<BtfType> types;
    private final byte[] section;

    Btf(List<BtfType> types, byte[] section) {
        this.types = List.copyOf(types);
        this.section = section.clone();
    }

    /**
     * Reads a {@code .BTF} section.
     *
     * @throws MalformedObjectException if it is damaged; a type that contains itself counts as such
     */
    public static Btf read(byte[] section) {
        return new BtfReader(section).read();
    }

    /** A copy of the section that it was read from. */
    public byte[] section() {
        return section.clone();
    }

    /** The type of that number. */
    public BtfType type(int id) {
        if (id < 0 || id >= types.size()) {
            throw new MalformedObjectException(
                    ".BTF", 0, "type %d of %d".formatted(id, types.size()));
        }
        return types.get(id);
    }

    /** How many types there are; they are numbered from 0, which is void. */
    public int size() {
        return types.size();
    }

    /** The type without typedefs, qualifiers and tags. */
    public BtfType resolve(int id) {
        var type = type(id);
        for (int depth = 0; depth < MAX_DEPTH; depth++) {
            switch (type) {
                case Typedef(String _, int target) -> type = type(target);
                case Modifier(Modifier.Kind _, String _, int target) -> type = type(target);
                default -> {
                    return type;
                }
            }
        }
        throw cyclic(id);
    }

    /** Bytes of a value of the type; 0 for what has no size. */
    public int sizeOf(int id) {
        return sizeOf(id, 0);
    }

    private int sizeOf(int id, int depth) {
        if (depth > MAX_DEPTH) throw cyclic(id);
        return switch (resolve(id)) {
            case Int integer -> integer.size();
            case Floating floating -> floating.size();
            case Enumeration enumeration -> enumeration.size();
            case Struct struct -> struct.size();
            case Pointer _ -> Long.BYTES;
            case Array array -> {
                long size = (long) array.count() * sizeOf(array.element(), depth + 1);
                if (size > Integer.MAX_VALUE || size < 0) {
                    throw new MalformedObjectException(
                            ".BTF", 0, "type %d: an array of %d bytes".formatted(id, size));
                }
                yield (int) size;
            }
            case Variable variable -> sizeOf(variable.type(), depth + 1);
            case DataSection section -> section.size();
            default -> 0;
        };
    }

    /** Finds references to types that are not there, and types that contain themselves. */
    void check() {
        var sound = new BitSet();
        for (int id = 1; id < types.size(); id++) check(id, 0, sound);
    }

    private void check(int id, int depth, BitSet sound) {
        var type = resolve(id);
        if (sound.get(id)) return;
        if (depth > MAX_DEPTH) throw cyclic(id);
        if (type instanceof Struct struct) {
            for (var member : struct.members()) check(member.type(), depth + 1, sound);
        } else if (type instanceof Array array) {
            check(array.element(), depth + 1, sound);
        }
        sizeOf(id);
        sound.set(id);
    }

    /** The variables of a section such as {@code .maps}. */
    public Optional<DataSection> dataSection(String name) {
        return types.stream()
                .filter(DataSection.class::isInstance)
                .map(DataSection.class::cast)
                .filter(section -> section.name().equals(name))
                .findFirst();
    }

    private static MalformedObjectException cyclic(int id) {
        return new MalformedObjectException(
                ".BTF", 0, "type %d contains itself, or is nested deeper than 32".formatted(id));
    }
}
