package io.jsockmap.sockmap.socket;

import java.util.ArrayList;
import java.util.List;

/** Has a task of a socket done again when there is room that it waits for. Used in its mailbox. */
final class WakeUp {
    private final Psock psock;
    private final Runnable task;

    /** Where it waits: mostly at one place, and at each only once. */
    private final List<Credit> awaited = new ArrayList<>(0);

    WakeUp(Psock psock, Runnable task) {
        this.psock = psock;
        this.task = task;
    }

    /** Orders to be woken when there is room; once for each place, however often it is asked. */
    void await(Credit credit) {
        if (awaited.contains(credit)) return;
        awaited.add(credit);
        credit.await(() -> psock.executeForOthers(() -> wake(credit)));
    }

    private void wake(Credit credit) {
        awaited.remove(credit);
        task.run();
    }
}
