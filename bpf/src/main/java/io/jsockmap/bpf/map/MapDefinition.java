package io.jsockmap.bpf.map;

import io.jsockmap.bpf.Errno;

import java.util.List;
import java.util.Optional;

/**
 * What a map shall be, as an object file says it.
 *
 * {@snippet class="io.jsockmap.bpf.examples.MapExamples" region="hash"}
 *
 * @param name its name
 * @param type its kind, by the kernel's number: a file may name one we do not know
 * @param keySize bytes of a key
 * @param valueSize bytes of a value
 * @param maxEntries how many elements it takes, as an unsigned 32-bit number
 * @param flags BPF_F_ flags of creation
 * @param pinnedByName whether objects of one engine share it by its name
 * @param keyType the key's number in the object's BTF, or 0
 * @param valueType the value's number in the object's BTF, or 0
 * @param extra {@code map_extra}: what only some kinds have, such as a bloom filter's hashes
 * @param inner what the maps in a map of maps are like
 * @param special the parts of a value that programs use by helpers only
 */
public record MapDefinition(
        String name,
        int type,
        int keySize,
        int valueSize,
        long maxEntries,
        int flags,
        boolean pinnedByName,
        int keyType,
        int valueType,
        long extra,
        Optional<MapDefinition> inner,
        List<SpecialField> special) {

    public MapDefinition {
        special = List.copyOf(special);
    }

    /** A definition without {@code map_extra}, of a map that holds no maps. */
    public MapDefinition(
            String name,
            int type,
            int keySize,
            int valueSize,
            long maxEntries,
            int flags,
            boolean pinnedByName,
            int keyType,
            int valueType) {
        this(
                name,
                type,
                keySize,
                valueSize,
                maxEntries,
                flags,
                pinnedByName,
                keyType,
                valueType,
                0,
                Optional.empty(),
                List.of());
    }

    /** A definition without BTF, flags and pinning. */
    public static MapDefinition of(
            String name, MapType type, int keySize, int valueSize, long maxEntries) {
        return new MapDefinition(
                name, type.number(), keySize, valueSize, maxEntries, 0, false, 0, 0);
    }

    /** The same with room for another number of elements. */
    public MapDefinition withMaxEntries(long count) {
        return copy(keySize, valueSize, count, flags, keyType, valueType, extra, inner, special);
    }

    /** The same with other flags. */
    public MapDefinition withFlags(int flags) {
        return copy(
                keySize, valueSize, maxEntries, flags, keyType, valueType, extra, inner, special);
    }

    /** The same with another {@code map_extra}. */
    public MapDefinition withExtra(long extra) {
        return copy(
                keySize, valueSize, maxEntries, flags, keyType, valueType, extra, inner, special);
    }

    /** The same with keys and values of other sizes, in bytes. */
    public MapDefinition withSizes(int keySize, int valueSize) {
        return copy(
                keySize, valueSize, maxEntries, flags, keyType, valueType, extra, inner, special);
    }

    /** The same with the types of its keys and values in BTF. */
    public MapDefinition withTypes(int keyType, int valueType) {
        return copy(
                keySize, valueSize, maxEntries, flags, keyType, valueType, extra, inner, special);
    }

    /** The same whose values have those special parts. */
    public MapDefinition withSpecial(List<SpecialField> special) {
        return copy(
                keySize, valueSize, maxEntries, flags, keyType, valueType, extra, inner, special);
    }

    /** The same for a map of such maps. */
    public MapDefinition holding(MapDefinition inner) {
        var held = Optional.of(inner);
        return copy(
                keySize, valueSize, maxEntries, flags, keyType, valueType, extra, held, special);
    }

    private MapDefinition copy(
            int keySize,
            int valueSize,
            long maxEntries,
            int flags,
            int keyType,
            int valueType,
            long extra,
            Optional<MapDefinition> inner,
            List<SpecialField> special) {
        return new MapDefinition(
                name,
                type,
                keySize,
                valueSize,
                maxEntries,
                flags,
                pinnedByName,
                keyType,
                valueType,
                extra,
                inner,
                special);
    }

    /** Whether a map made by one definition serves a program compiled against the other. */
    public boolean isCompatibleWith(MapDefinition other) {
        return isAlike(other)
                && maxEntries == other.maxEntries
                && extra == other.extra
                && inner.isPresent() == other.inner.isPresent()
                && (inner.isEmpty() || inner.get().fits(other.inner.get()));
    }

    /**
     * Whether a map of this definition may be put where maps like the other are expected. Like the
     * kernel's, it looks at the number of elements of plain arrays only.
     */
    boolean fits(MapDefinition expected) {
        boolean counts = is(MapType.ARRAY) && (expected.flags & ArrayMap.INNER_MAP) == 0;
        return isAlike(expected) && (!counts || maxEntries == expected.maxEntries);
    }

    private boolean isAlike(MapDefinition other) {
        return type == other.type
                && keySize == other.keySize
                && valueSize == other.valueSize
                && flags == other.flags;
    }

    /** Its kind; empty if we do not know it. */
    public Optional<MapType> kind() {
        return MapType.of(type);
    }

    public boolean is(MapType kind) {
        return type == kind.number();
    }

    /** How far apart values lie that are one behind the other: each at a multiple of 8 bytes. */
    public int stride() {
        return valueSize + 7 & ~7;
    }

    /** The type's name, or its number if it has none here. */
    public String typeName() {
        return kind().map(MapType::toString).orElse("type " + type);
    }

    /** Kind, sizes and flags in a few words. */
    public String summary() {
        return "%s, key %d, value %d, max_entries %d, flags 0x%x"
                .formatted(typeName(), keySize, valueSize, maxEntries, flags);
    }

    /** What a creation that this definition does not allow throws. */
    public MapException refused(Errno errno, String problem) {
        return new MapException(errno, name, typeName(), problem);
    }
}
