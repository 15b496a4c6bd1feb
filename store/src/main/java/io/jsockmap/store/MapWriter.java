package io.jsockmap.store;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes a map hold what is wanted, by changing only what differs: what is in it and wanted is there
 * at every moment, as programs run meanwhile.
 */
final class MapWriter {
    private final Notation notation;
    private final BpfMap map;

    /** An array has all elements always: what is not wanted is zero. */
    private final boolean isArray;

    private final Map<ByteBuffer, String> refused = new HashMap<>();

    MapWriter(Notation notation) {
        this.notation = notation;
        map = notation.map();
        isArray = map.definition().type() == MapType.ARRAY.number();
    }

    /**
     * Makes it hold all that is wanted and nothing else.
     *
     * @throws BpfException if the map can't be read
     */
    void writeAll(Wanted wanted) {
        var present = present();
        write(
                Stream.concat(wanted.keys().stream(), present.keySet().stream())
                        .distinct()
                        .filter(key -> !Arrays.equals(present.get(key), value(key, wanted)))
                        .toList(),
                wanted);
    }

    private Map<ByteBuffer, byte[]> present() {
        Map<ByteBuffer, byte[]> present = new HashMap<>();
        for (var key : map.keys()) {
            map.lookup(key).ifPresent(value -> present.put(notation.key(key), value));
        }
        return present;
    }

    /** What shall be there; null for nothing. */
    private byte[] value(ByteBuffer key, Wanted wanted) {
        var nothing = isArray ? new byte[map.valueSize()] : null;
        return wanted.element(key).map(Element::value).orElse(nothing);
    }

    /** Makes it hold what is wanted of those keys. */
    void write(Collection<ByteBuffer> keys, Wanted wanted) {
        // First what comes, then what goes, so that a network and its parts never miss both.
        for (var key : keys) wanted.element(key).ifPresent(this::put);
        for (var key : keys) if (wanted.element(key).isEmpty()) clear(key);
        // Now there may be room for what found none.
        for (var key : List.copyOf(refused.keySet())) {
            wanted.element(key).ifPresentOrElse(this::put, () -> refused.remove(key));
        }
    }

    private void put(Element element) {
        try {
            map.update(bytes(element.key()), element.value(), UpdateFlag.ANY);
            refused.remove(element.key());
        } catch (BpfException e) {
            refused.put(element.key(), e.explanation());
        }
    }

    private void clear(ByteBuffer key) {
        refused.remove(key);
        try {
            if (isArray) map.update(bytes(key), new byte[map.valueSize()], UpdateFlag.ANY);
            else map.delete(bytes(key));
        } catch (BpfException e) {
            // It never found room, or a program deleted it, or the index is beyond the array.
            if (e.errno() != Errno.ENOENT && e.errno() != Errno.E2BIG) throw e;
        }
    }

    private static byte[] bytes(ByteBuffer key) {
        var bytes = new byte[key.remaining()];
        key.get(0, bytes);
        return bytes;
    }

    /** What the map did not take, by the entries' names, and why. */
    Map<String, String> refused(Wanted wanted) {
        return refused.entrySet().stream()
                .filter(e -> wanted.element(e.getKey()).isPresent())
                .collect(
                        Collectors.toMap(
                                e -> wanted.element(e.getKey()).orElseThrow().entry().name(),
                                Map.Entry::getValue));
    }
}
