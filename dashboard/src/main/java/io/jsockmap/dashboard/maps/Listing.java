package io.jsockmap.dashboard.maps;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.PercpuMap;
import io.jsockmap.sockmap.map.UserSocketMap;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.LongStream;

/** The entries of a map at about one moment; they are read and written out where they are shown. */
interface Listing {
    /** Kinds whose keys are the numbers from 0, so that a page needs no walk through the map. */
    Set<MapType> ARRAYS =
            EnumSet.of(
                    MapType.ARRAY, MapType.PERCPU_ARRAY, MapType.PROG_ARRAY, MapType.ARRAY_OF_MAPS);

    /** How many there are. */
    long size();

    /** Those from one place to before another; those that have gone meanwhile are left out. */
    List<MapPage.Entry> entries(long from, long to);

    /**
     * The entries of a map now.
     *
     * @throws BpfException if there are no keys by which it could be shown, or applications may not
     *     read it
     */
    static Listing of(BpfMap map, Optional<Btf> types) {
        var text = new BtfText(types);
        if (map instanceof UserSocketMap sockets) return new OfSockets(sockets.entries(), map, text);
        if (map.keySize() == 0) {
            throw new BpfException(
                    Errno.EOPNOTSUPP,
                    "a %s has no keys by which it could be shown"
                            .formatted(map.definition().typeName()));
        }
        boolean isArray = MapType.of(map.definition().type()).filter(ARRAYS::contains).isPresent();
        return isArray ? new OfArray(map, text) : new OfKeys(map.keys(), map, text);
    }

    /** A map of sockets: what is under a key is told by the socket's cookie and ends. */
    record OfSockets(List<io.jsockmap.sockmap.map.Entry> all, BpfMap map, BtfText text)
            implements Listing {
        @Override
        public long size() {
            return all.size();
        }

        @Override
        public List<MapPage.Entry> entries(long from, long to) {
            return all.subList((int) from, (int) to).stream()
                    .map(
                            entry ->
                                    new MapPage.Entry(
                                            text.print(map.definition().keyType(), entry.key()),
                                            "socket " + entry.socket()))
                    .toList();
        }
    }

    /** An array: all its elements are always there. */
    record OfArray(BpfMap map, BtfText text) implements Listing {
        @Override
        public long size() {
            return map.maxEntries();
        }

        @Override
        public List<MapPage.Entry> entries(long from, long to) {
            return LongStream.range(from, to)
                    .mapToObj(OfArray::key)
                    .flatMap(key -> entry(map, text, key).stream())
                    .toList();
        }

        private static byte[] key(long index) {
            return ByteBuffer.allocate(Integer.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt((int) index)
                    .array();
        }
    }

    /** Any other map. */
    record OfKeys(List<byte[]> keys, BpfMap map, BtfText text) implements Listing {
        @Override
        public long size() {
            return keys.size();
        }

        @Override
        public List<MapPage.Entry> entries(long from, long to) {
            return keys.subList((int) from, (int) to).stream()
                    .flatMap(key -> entry(map, text, key).stream())
                    .toList();
        }
    }

    private static Optional<MapPage.Entry> entry(BpfMap map, BtfText text, byte[] key) {
        return map.lookup(key)
                .map(
                        value ->
                                new MapPage.Entry(
                                        text.print(map.definition().keyType(), key),
                                        value(map, text, value)));
    }

    private static String value(BpfMap map, BtfText text, byte[] bytes) {
        int type = map.definition().valueType();
        int size = map.valueSize();
        if (!(map instanceof PercpuMap) || size == 0) return text.print(type, bytes);
        // Each CPU's value begins at a multiple of 8 bytes.
        int stride = (size + 7) / 8 * 8;
        var all = new StringJoiner("; ");
        for (int cpu = 0; cpu * stride < bytes.length; cpu++) {
            var own = Arrays.copyOfRange(bytes, cpu * stride, cpu * stride + size);
            all.add("CPU %d: %s".formatted(cpu, text.print(type, own)));
        }
        return all.toString();
    }
}
