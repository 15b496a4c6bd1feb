package io.jsockmap.sockmap.socket;

/** Has a task of a socket done again when there is room that it waits for. Used in its mailbox. */
final class WakeUp {
    private final Sock socket;
    private final Runnable task;

    /**
     * Where it waits, or null. What it waited for before may wake it too: it looks and waits anew.
     */
    private Credit awaited;

    WakeUp(Sock socket, Runnable task) {
        this.socket = socket;
        this.task = task;
    }

    /** Orders to be woken when there is room; once for each place, however often it is asked. */
    @SuppressWarnings("ReferenceEquality")
    void await(Credit credit) {
        if (awaited == credit) return;
        awaited = credit;
        credit.await(() -> socket.execute(() -> wake(credit)));
    }

    @SuppressWarnings("ReferenceEquality")
    private void wake(Credit credit) {
        if (awaited == credit) awaited = null;
        task.run();
    }
}
