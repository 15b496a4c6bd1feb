package io.jsockmap.sockmap.map;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.Key;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapException;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * BPF_MAP_TYPE_SOCKHASH: sockets by a key of any bytes; padding counts.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.EngineExamples" region="admission"}
 */
public final class UserSockHash extends UserSocketMap implements SockHash {
    private static final int MAX_KEY = 512;
    private static final long MAX_ENTRIES = 1L << 27;

    private final Map<Key, Entry> entries = new ConcurrentHashMap<>();

    public UserSockHash(MapDefinition definition) {
        super(definition);
        if (definition.keySize() <= 0) throw failure(Errno.EINVAL, "no key");
        if (definition.keySize() > MAX_KEY) {
            throw failure(
                    Errno.E2BIG, "a key of %d bytes, at most 512".formatted(definition.keySize()));
        }
        if (definition.maxEntries() > MAX_ENTRIES) {
            throw failure(
                    Errno.EINVAL, "%d entries, at most 2^27".formatted(definition.maxEntries()));
        }
    }

    @Override
    public Stream<Entry> entryWalk() {
        return entries.values().stream();
    }

    @Override
    public int size() {
        return entries.size();
    }

    @Override
    void checkIndex(Key key) {}

    @Override
    Entry entryAt(Key key) {
        return entries.get(key);
    }

    @Override
    boolean isFull() {
        return entries.size() >= maxEntries();
    }

    @Override
    void put(Key key, Entry entry) {
        entries.put(key, entry);
    }

    @Override
    void take(Key key) {
        entries.remove(key);
    }

    @Override
    MapException nothingAt(byte[] key) {
        return missing(key);
    }

    @Override
    protected Optional<byte[]> following(byte[] key) {
        var before = key == null ? null : Key.of(key);
        boolean found = before == null || !entries.containsKey(before);
        for (var candidate : entries.keySet()) {
            if (found) return Optional.of(candidate.bytes());
            found = candidate.equals(before);
        }
        return Optional.empty();
    }
}
