package io.jsockmap.bpf.map;

import io.jsockmap.bpf.Errno;

/**
 * What a map shall be, as an object file says it.
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
        int valueType) {

    /** A definition without BTF, flags and pinning. */
    public static MapDefinition of(
            String name, MapType type, int keySize, int valueSize, long maxEntries) {
        return new MapDefinition(
                name, type.number(), keySize, valueSize, maxEntries, 0, false, 0, 0);
    }

    /** The same with room for another number of elements. */
    public MapDefinition withMaxEntries(long count) {
        return new MapDefinition(
                name, type, keySize, valueSize, count, flags, pinnedByName, keyType, valueType);
    }

    /** The same with other flags. */
    public MapDefinition withFlags(int flags) {
        return new MapDefinition(
                name,
                type,
                keySize,
                valueSize,
                maxEntries,
                flags,
                pinnedByName,
                keyType,
                valueType);
    }

    /** Whether a map made by one definition serves a program compiled against the other. */
    public boolean isCompatibleWith(MapDefinition other) {
        return type == other.type
                && keySize == other.keySize
                && valueSize == other.valueSize
                && maxEntries == other.maxEntries
                && flags == other.flags;
    }

    /** The type's name, or its number if it has none here. */
    public String typeName() {
        return MapType.of(type).map(MapType::toString).orElse("type " + type);
    }

    /** What a creation that this definition does not allow throws. */
    public MapException refused(Errno errno, String problem) {
        return new MapException(errno, name, typeName(), problem);
    }
}
