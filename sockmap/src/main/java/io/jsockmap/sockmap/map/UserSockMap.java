package io.jsockmap.sockmap.map;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.IndexKey;
import io.jsockmap.bpf.map.Key;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapException;
import io.jsockmap.sockmap.socket.Sock;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * BPF_MAP_TYPE_SOCKMAP: sockets by index.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.MapExamples" region="slots"}
 */
public final class UserSockMap extends UserSocketMap implements SockMap {
    private final AtomicReferenceArray<Entry> entries;

    public UserSockMap(MapDefinition definition) {
        super(definition);
        if (definition.keySize() != IndexKey.SIZE) {
            throw failure(
                    Errno.EINVAL, "a key of %d bytes, expected 4".formatted(definition.keySize()));
        }
        entries = slots(definition.maxEntries());
    }

    private AtomicReferenceArray<Entry> slots(long count) {
        if (count > Integer.MAX_VALUE - 8) throw failure(Errno.ENOMEM, count + " slots");
        try {
            return new AtomicReferenceArray<>((int) count);
        } catch (OutOfMemoryError e) {
            // One array that is too large harms nobody else.
            throw failure(Errno.ENOMEM, count + " slots");
        }
    }

    /** The socket at an index, of which the low 32 bits count; as {@link #socket(Key)}. */
    public Optional<Sock> socket(long index) {
        var entry = entryAt(index & 0xffff_ffffL);
        return entry == null ? socket(IndexKey.of(index)) : entry.found();
    }

    /**
     * All indices in their order, empty ones too: what the kernel's iterator of sockmaps visits.
     * Each is looked at when the stream comes to it.
     */
    public Stream<Optional<Entry>> slots() {
        return IntStream.range(0, entries.length())
                .mapToObj(i -> Optional.ofNullable(entries.get(i)));
    }

    @Override
    public Stream<Entry> entryWalk() {
        return slots().flatMap(Optional::stream);
    }

    @Override
    public int size() {
        return (int) entryWalk().count();
    }

    @Override
    void checkIndex(Key key) {
        long index = IndexKey.indexOf(key);
        if (index >= maxEntries()) {
            throw failure(Errno.E2BIG, "index %d of %d".formatted(index, maxEntries()));
        }
    }

    @Override
    Entry entryAt(Key key) {
        return entryAt(IndexKey.indexOf(key));
    }

    private Entry entryAt(long index) {
        return index < entries.length() ? entries.get((int) index) : null;
    }

    @Override
    boolean isFull() {
        return false;
    }

    @Override
    void put(Key key, Entry entry) {
        entries.set((int) IndexKey.indexOf(key), entry);
    }

    @Override
    void take(Key key) {
        entries.set((int) IndexKey.indexOf(key), null);
    }

    @Override
    MapException nothingAt(byte[] key) {
        return failure(
                Errno.EINVAL,
                "no socket at index %d of %d".formatted(IndexKey.indexOf(key), maxEntries()));
    }

    @Override
    protected Optional<byte[]> following(byte[] key) {
        return IndexKey.following(key, maxEntries());
    }
}
