package io.jsockmap.sockmap.socket;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** Has a task of a socket done again when there is room that it waits for. Used in its mailbox. */
final class WakeUp {
    private final Sock socket;
    private final Runnable task;

    /** Where it waits: mostly at one place, and at each only once. */
    private final Set<Credit> awaited = Collections.newSetFromMap(new IdentityHashMap<>(1));

    WakeUp(Sock socket, Runnable task) {
        this.socket = socket;
        this.task = task;
    }

    /** Orders to be woken when there is room; once for each place, however often it is asked. */
    void await(Credit credit) {
        if (!awaited.add(credit)) return;
        credit.await(() -> socket.execute(() -> wake(credit)));
    }

    private void wake(Credit credit) {
        awaited.remove(credit);
        task.run();
    }
}
