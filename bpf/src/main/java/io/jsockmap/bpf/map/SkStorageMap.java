package io.jsockmap.bpf.map;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.memory.Region;

import java.lang.ref.WeakReference;
import java.util.Optional;

/**
 * BPF_MAP_TYPE_SK_STORAGE: a value for each socket, or whatever else is a {@link StorageOwner}. It
 * lives with the owner, so there is no number of elements to give.
 *
 * {@snippet class="io.jsockmap.bpf.examples.MapKindExamples" region="storage"}
 */
public final class SkStorageMap extends BpfMap {
    /** BPF_LOCAL_STORAGE_GET_F_CREATE: makes the value if there is none. */
    public static final long CREATE = 1;

    private static final int CLONE = 1 << 9;

    /** 65535 without what the kernel's own element takes. */
    private static final int MAX_VALUE = 0xffff - 128;

    private final WeakReference<SkStorageMap> self = new WeakReference<>(this);

    public SkStorageMap(MapDefinition definition) {
        super(definition, false);
        checkFlags(HashRules.NO_PREALLOC | CLONE);
        if ((definition.flags() & HashRules.NO_PREALLOC) == 0) {
            throw failure(Errno.EINVAL, "without BPF_F_NO_PREALLOC: add it to the map's flags");
        }
        if (maxEntries() != 0) {
            throw failure(Errno.EINVAL, "max_entries is %d, expected 0".formatted(maxEntries()));
        }
        if (keySize() != Integer.BYTES) {
            throw failure(Errno.EINVAL, "a key of %d bytes, expected 4".formatted(keySize()));
        }
        if (valueSize() == 0) throw failure(Errno.EINVAL, "no value");
        if (definition.keyType() == 0 || definition.valueType() == 0) {
            throw failure(Errno.EINVAL, "without types of key and value: define them by __type");
        }
        if (valueSize() < 0 || valueSize() > MAX_VALUE) {
            throw failure(
                    Errno.E2BIG,
                    "values of %d bytes, at most %d"
                            .formatted(Integer.toUnsignedLong(valueSize()), MAX_VALUE));
        }
    }

    // --- Applications ----------------------------------------------------------------------------

    /** The value that an owner has. */
    public Optional<byte[]> lookup(StorageOwner owner) {
        return Optional.ofNullable(owner.storage().get(this)).map(MapValue::copy);
    }

    /**
     * Sets the value that an owner has.
     *
     * @throws MapException EINVAL for a value of another size, EEXIST and ENOENT by the flag, EBADF
     *     if the owner is closed, ENOMEM, EPERM for a frozen map
     */
    public void update(StorageOwner owner, byte[] value, UpdateFlag flag) {
        checkValue(value);
        write(() -> owner.storage().put(this, value, flag));
    }

    /**
     * Forgets the value that an owner has.
     *
     * @throws MapException ENOENT if it has none, EPERM for a frozen map
     */
    public void delete(StorageOwner owner) {
        write(
                () -> {
                    if (!owner.storage().remove(this)) throw withoutValue();
                });
    }

    // --- Programs --------------------------------------------------------------------------------

    /**
     * {@code bpf_sk_storage_get}: the value of an owner, or null.
     *
     * @param initial what a value that is made holds; zeros for null
     * @param flags CREATE or 0; null for others
     */
    public Region getFromProgram(StorageOwner owner, byte[] initial, long flags) {
        if (flags != 0 && flags != CREATE) return null;
        var value = owner.storage().get(this);
        if (value == null && flags == CREATE) value = owner.storage().create(this, initial);
        return value == null ? null : value.seen();
    }

    /** {@code bpf_sk_storage_delete}; 0, or ENOENT, negative. */
    public long deleteFromProgram(StorageOwner owner) {
        return owner.storage().remove(this) ? 0 : Errno.ENOENT.negative();
    }

    WeakReference<SkStorageMap> self() {
        return self;
    }

    boolean isCloned() {
        return (definition().flags() & CLONE) != 0;
    }

    MapException withoutValue() {
        return failure(Errno.ENOENT, "the owner has no value");
    }

    @Override
    public Region lookupFromProgram(Key key) {
        return null;
    }

    @Override
    protected Optional<byte[]> find(byte[] key) {
        throw notByKey();
    }

    @Override
    protected void put(byte[] key, byte[] value, UpdateFlag flag) {
        throw notByKey();
    }

    @Override
    protected void remove(byte[] key) {
        throw notByKey();
    }

    private MapException notByKey() {
        return failure(Errno.EBADF, "there are no descriptors here: give the owner itself");
    }

    @Override
    protected Optional<byte[]> following(byte[] key) {
        throw failure(Errno.ENOTSUPP, "values are found through their owners only");
    }
}
