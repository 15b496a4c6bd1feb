package io.jsockmap.corpus.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.jsockmap.bpf.map.ArrayOfMaps;
import io.jsockmap.bpf.map.BloomFilterMap;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.IndexKey;
import io.jsockmap.bpf.map.LpmTrieMap;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.ProgArrayMap;
import io.jsockmap.bpf.map.QueueMap;
import io.jsockmap.bpf.map.RingBufferMap;
import io.jsockmap.bpf.map.SkStorageMap;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.map.UserSockMap;
import io.jsockmap.sockmap.socket.Sock;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** What is in the maps of programs. */
final class Contents {
    private static final int BITS = 32;

    private Contents() {}

    /** Puts numbers into maps: of all bits, or small. */
    static void fill(List<BpfMap> maps, RandomGenerator random) {
        for (var map : maps) fill(map, random);
    }

    private static void fill(BpfMap map, RandomGenerator random) {
        switch (map) {
            case ArrayOfMaps outer -> {
                outer.update(IndexKey.of(0), inner(outer, random), UpdateFlag.ANY);
            }
            case LpmTrieMap trie -> {
                for (int i = 0; i < 2; i++) {
                    var key = prefix(random.nextInt(BITS + 1), random.nextInt(4));
                    // Of a longer prefix a lookup finds a shorter one.
                    if (trie.keys().size() < trie.maxEntries()) put(trie, key, random);
                }
            }
            case QueueMap queue -> {
                if (random.nextBoolean()) queue.push(value(8, random), UpdateFlag.EXIST);
            }
            case BloomFilterMap filter -> filter.push(value(8, random));
            default -> fillByType(map, random);
        }
    }

    private static void fillByType(BpfMap map, RandomGenerator random) {
        int type = map.definition().type();
        if (type == MapType.ARRAY.number() || type == MapType.PERCPU_ARRAY.number()) {
            for (int i = 0; i < map.maxEntries(); i++) put(map, IndexKey.of(i), random);
        } else if (type == MapType.HASH.number()
                || type == MapType.LRU_HASH.number()
                || type == MapType.PERCPU_HASH.number()) {
            for (int i = 0; i < 3; i++) put(map, IndexKey.of(random.nextInt(6)), random);
        }
    }

    private static BpfMap inner(ArrayOfMaps outer, RandomGenerator random) {
        var inner = FuzzMap.create(outer.inner());
        fill(inner, random);
        return inner;
    }

    private static byte[] prefix(int length, int first) {
        var key = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putInt(length);
        return key.put((byte) first).array();
    }

    private static void put(BpfMap map, byte[] key, RandomGenerator random) {
        var value = value(map.userValueSize(), random);
        if (map.lookup(key).isEmpty() && map.keys().size() >= map.maxEntries()) return;
        map.update(key, value, UpdateFlag.ANY);
    }

    private static byte[] value(int size, RandomGenerator random) {
        var value = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        while (value.remaining() >= Long.BYTES) value.putLong(Chance.number(random));
        return value.array();
    }

    /**
     * What is in a map, each byte as a character; takes out what can be read once only.
     *
     * @param socket whose values are meant in a map of values of sockets
     */
    static List<String> of(BpfMap map, Sock socket) {
        List<String> found = new ArrayList<>();
        switch (map) {
            case RingBufferMap ring -> {
                for (var next = ring.poll(); next.isPresent(); next = ring.poll()) {
                    found.add(text(next.get()));
                }
            }
            case QueueMap queue -> {
                while (queue.peek().isPresent()) found.add(text(queue.pop()));
            }
            case BloomFilterMap filter -> {
                for (int i = -16; i < 32; i++) {
                    var value = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(i);
                    found.add(Boolean.toString(filter.mayContain(value.array())));
                }
            }
            case SkStorageMap storage -> storage.lookup(socket).ifPresent(v -> found.add(text(v)));
            case ArrayOfMaps outer ->
                    outer.map(IndexKey.of(0)).ifPresent(m -> found.addAll(of(m, socket)));
            case UserSockMap sockets -> sockets.slots().forEach(s -> found.add("" + s.isPresent()));
            case ProgArrayMap<?> _ -> {}
            default -> {
                for (var key : map.keys()) {
                    found.add(text(key) + map.lookup(key).map(Contents::text).orElse(""));
                }
            }
        }
        return found;
    }

    static String text(byte[] bytes) {
        return new String(StackPointers.alike(bytes), ISO_8859_1);
    }
}
