package io.jsockmap.sockmap.socket;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/** Bytes that wait to be taken by one reader, with the account of what came and went. */
final class ByteQueue {
    private final Queue<Chunk> chunks = new ConcurrentLinkedQueue<>();
    private static final AtomicLongFieldUpdater<ByteQueue> ENTERED = counter("entered");
    private static final AtomicLongFieldUpdater<ByteQueue> LEFT = counter("left");
    private static final AtomicLongFieldUpdater<ByteQueue> DISCARDED = counter("discarded");
    private volatile long entered;
    private volatile long left;
    private volatile long discarded;
    final Credit credit;

    private static AtomicLongFieldUpdater<ByteQueue> counter(String field) {
        return AtomicLongFieldUpdater.newUpdater(ByteQueue.class, field);
    }

    ByteQueue(long limit) {
        credit = new Credit(limit);
    }

    /** Adds bytes for which credit has been taken. */
    void add(Chunk chunk) {
        ENTERED.addAndGet(this, chunk.length());
        chunks.add(chunk.compact());
    }

    boolean isEmpty() {
        return chunks.isEmpty();
    }

    /** Counts bytes as added and taken, if there is credit for them. */
    boolean passBy(int bytes) {
        if (!credit.tryAcquire(bytes)) return false;
        ENTERED.addAndGet(this, bytes);
        return true;
    }

    /** Bytes that were ever added. */
    long entered() {
        return entered;
    }

    /** The first chunk, or null. The taker says what became of it: {@link #left} or lost. */
    Chunk take() {
        return chunks.poll();
    }

    /** Bytes reached whom they were for. */
    void left(long bytes) {
        LEFT.addAndGet(this, bytes);
        credit.release(Credit.cost(bytes));
    }

    /** Bytes will reach nobody. */
    void lost(long bytes) {
        DISCARDED.addAndGet(this, bytes);
        credit.release(Credit.cost(bytes));
    }

    /** Takes no bytes, for which credit has been taken: they count as come and lost. */
    void refuse(Chunk chunk) {
        ENTERED.addAndGet(this, chunk.length());
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
        long gone = left;
        long lost = discarded;
        return new Account.Queue(entered, gone, lost);
    }
}
