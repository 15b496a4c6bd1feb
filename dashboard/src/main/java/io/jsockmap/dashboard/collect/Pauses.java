package io.jsockmap.dashboard.collect;

import io.jsockmap.sockmap.socket.Sock;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Which sockets wait for room, and how often any did. */
final class Pauses {
    private final Set<Sock> paused = ConcurrentHashMap.newKeySet();
    private final LongAdder count = new LongAdder();

    void begin(Sock socket) {
        count.increment();
        paused.add(socket);
    }

    void end(Sock socket) {
        paused.remove(socket);
    }

    long count() {
        return count.sum();
    }

    long now() {
        return paused.size();
    }
}
