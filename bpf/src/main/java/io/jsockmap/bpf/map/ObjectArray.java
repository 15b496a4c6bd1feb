package io.jsockmap.bpf.map;

import io.jsockmap.bpf.Errno;

/** What arrays have in common whose values are objects: descriptors for applications. */
final class ObjectArray {
    private ObjectArray() {}

    static void checkSizes(BpfMap map) {
        ArrayMap.checkedStride(map.definition());
        checkValueSize(map);
    }

    static void checkValueSize(BpfMap map) {
        if (map.valueSize() == Integer.BYTES) return;
        throw map.failure(
                Errno.EINVAL, "a value of %d bytes, expected 4".formatted(map.valueSize()));
    }

    /** An object's number as applications look it up. */
    static byte[] idOf(int id) {
        return IndexKey.of(id);
    }
}
