package io.jsockmap.sockmap.socket;

import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Bytes that wait to be taken by one reader, with the account of what came and went. */
final class ByteQueue implements Iterable<Chunk> {
    private final Queue<Chunk> chunks = new ConcurrentLinkedQueue<>();
    private final AtomicLong entered = new AtomicLong();
    private final AtomicLong left = new AtomicLong();
    private final AtomicLong discarded = new AtomicLong();
    final Credit credit;

    ByteQueue(long limit) {
        credit = new Credit(limit);
    }

    /** Adds bytes for which credit has been taken. */
    void add(Chunk chunk) {
        entered.addAndGet(chunk.length());
        chunks.add(chunk.compact());
    }

    /** The first chunk, or null. The taker says what became of it: {@link #left} or lost. */
    Chunk take() {
        return chunks.poll();
    }

    /** Bytes reached whom they were for. */
    void left(long bytes) {
        left.addAndGet(bytes);
        credit.release(Credit.cost(bytes));
    }

    /** Bytes will reach nobody. */
    void lost(long bytes) {
        discarded.addAndGet(bytes);
        credit.release(Credit.cost(bytes));
    }

    /** Bytes of a message whose other bytes will be reported as {@link #left} will reach nobody. */
    void cutOff(long bytes) {
        discarded.addAndGet(bytes);
        credit.release(bytes);
    }

    /** What waits, for whoever takes it: nobody else may take meanwhile. */
    @Override
    public Iterator<Chunk> iterator() {
        return chunks.iterator();
    }

    /** Takes no bytes, for which credit has been taken: they count as come and lost. */
    void refuse(Chunk chunk) {
        entered.addAndGet(chunk.length());
        lost(chunk.length());
    }

    /** Throws away what waits. */
    void clear() {
        for (var chunk = take(); chunk != null; chunk = take()) {
            chunk.drop();
            lost(chunk.length());
        }
    }

    Account.Queue account() {
        // What came is read last: what left meanwhile had come before.
        long gone = left.get();
        long lost = discarded.get();
        return new Account.Queue(entered.get(), gone, lost);
    }
}
