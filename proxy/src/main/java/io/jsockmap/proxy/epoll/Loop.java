package io.jsockmap.proxy.epoll;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A thread that waits for all of its descriptors together (epoll(7)), and does what there is to do.
 * Events tell of changes only (EPOLLET), so that a descriptor is registered once.
 */
final class Loop implements Runnable {
    static final int IN = 1;
    static final int OUT = 4;
    static final int ERR = 8;
    static final int HUP = 0x10;
    static final int RDHUP = 0x2000;
    static final int ONE_OF_MANY = 1 << 28;
    static final int CHANGES = 1 << 31;

    private static final int ADD = 1;
    private static final int REMOVE = 2;
    private static final int MOST = 256;

    /** Milliseconds until what failed for want of descriptors is tried again. */
    private static final int PAUSE = 100;

    /** How often what tasks cause is done before other descriptors have their turn. */
    private static final int ROUNDS = 8;

    /** Only on x86 the event is packed. */
    private static final int DATA = isX86() ? 4 : 8;

    private static final int EVENT = DATA + 8;

    /** What a descriptor's events are for. */
    interface Handler {
        void ready(int events);

        /** The loop comes to its end. */
        void stopped();
    }

    final Libc libc = new Libc();
    final Buffers buffers = new Buffers();
    final Pipes pipes = new Pipes(libc);
    private final Thread thread;
    private final Consumer<Throwable> onFailure;
    private final BusyPoll busyPoll;
    private final int epoll;
    private final int wakeUp;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment events = arena.allocate((long) MOST * EVENT, 8);
    private final MemorySegment event = arena.allocate(EVENT, 8);
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Queue<Runnable> own = new ArrayDeque<>();
    private final Queue<Runnable> paused = new ArrayDeque<>();
    private final Queue<Integer> closing = new ArrayDeque<>();
    private final AtomicInteger streams = new AtomicInteger();
    private long pauseEnds;
    private final AtomicBoolean asleep = new AtomicBoolean();
    private Handler[] handlers = new Handler[64];
    private volatile boolean stopping;
    private boolean over;

    /**
     * @param busyPoll when to look again before it sleeps
     * @param onFailure told of what a handler or a task throws
     */
    Loop(int number, BusyPoll busyPoll, Consumer<Throwable> onFailure) {
        this.busyPoll = busyPoll;
        this.onFailure = onFailure;
        epoll = checked(libc.epollCreate());
        wakeUp = checked(libc.eventDescriptor());
        thread = Thread.ofPlatform().name("jsockmap-loop-" + number).daemon().unstarted(this);
        add(wakeUp, IN | CHANGES, new WakeUp());
    }

    private static boolean isX86() {
        var name = System.getProperty("os.arch");
        return name.equals("amd64") || name.equals("x86_64");
    }

    private static int checked(int result) {
        if (result >= 0) return result;
        throw new IllegalStateException(
                "no descriptor for a loop: " + EpollCarriers.textOf(-result));
    }

    private final class WakeUp implements Handler {
        @Override
        public void ready(int events) {
            libc.takeEvent(wakeUp);
        }

        @Override
        public void stopped() {}
    }

    void start() {
        thread.start();
    }

    boolean isHere() {
        return Thread.currentThread() == thread;
    }

    /** Runs a task soon, on this thread; never, if the loop is over. */
    void execute(Runnable task) {
        if (isHere()) {
            own.add(task);
            return;
        }
        tasks.add(task);
        if (asleep.getAndSet(false)) wake();
    }

    private synchronized void wake() {
        // Behind the end the number may be that of another file.
        if (!over) Libc.giveEvent(wakeUp);
    }

    /** Runs a task on this thread after a while. */
    void pause(Runnable task) {
        paused.add(task);
        pauseEnds = System.nanoTime() + PAUSE * 1_000_000L;
    }

    /** Comes to an end when all tasks have run. */
    void stop() {
        stopping = true;
        execute(() -> {});
    }

    void join() throws InterruptedException {
        thread.join();
    }

    /** How many streams it carries, or is about to. */
    int load() {
        return streams.get();
    }

    /** A stream is here from now on; on any thread. */
    void begins() {
        streams.incrementAndGet();
    }

    /** A stream is over. */
    void ends() {
        streams.decrementAndGet();
    }

    // --- Descriptors -----------------------------------------------------------------------------

    /** Has a descriptor watched; negative if that can't be. */
    int add(int descriptor, int interest, Handler handler) {
        if (descriptor >= handlers.length) {
            handlers = Arrays.copyOf(handlers, Math.max(descriptor + 1, 2 * handlers.length));
        }
        handlers[descriptor] = handler;
        event.set(ValueLayout.JAVA_INT_UNALIGNED, 0, interest);
        event.set(ValueLayout.JAVA_LONG_UNALIGNED, DATA, descriptor);
        int result = libc.epollControl(epoll, ADD, descriptor, event);
        if (result < 0) handlers[descriptor] = null;
        return result;
    }

    /** Watches a descriptor no more, which stays open. */
    void remove(int descriptor) {
        forget(descriptor);
        int _ = libc.epollControl(epoll, REMOVE, descriptor, event);
    }

    /**
     * Closes a descriptor soon, and has no more of its events: until those that came with them are
     * dealt with, no other file is to get its number.
     */
    void close(int descriptor) {
        forget(descriptor);
        closing.add(descriptor);
    }

    private void forget(int descriptor) {
        if (descriptor < handlers.length) handlers[descriptor] = null;
    }

    private void closeAll() {
        for (var next = closing.poll(); next != null; next = closing.poll()) {
            int _ = libc.close(next);
        }
    }

    // --- The thread ------------------------------------------------------------------------------

    @Override
    public void run() {
        while (!stopping || !own.isEmpty() || !tasks.isEmpty()) {
            runTasks();
            closeAll();
            int count = await();
            for (int k = 0; k < count; k++) dispatch(k);
        }
        Arrays.stream(handlers).filter(Objects::nonNull).toList().forEach(h -> guard(h::stopped));
        runTasks();
        closeAll();
        end();
    }

    private synchronized void end() {
        over = true;
        int _ = libc.close(wakeUp);
        int _ = libc.close(epoll);
        pipes.close();
        arena.close();
        libc.close();
    }

    private int await() {
        boolean mayWait = own.isEmpty() && !stopping;
        int soon = mayWait && paused.isEmpty() && busyPoll.isDue() ? poll() : 0;
        if (soon > 0) return soon;
        asleep.set(mayWait);
        // Whoever asked before this was set has woken nobody.
        if (!tasks.isEmpty()) mayWait = false;
        int millis = paused.isEmpty() ? -1 : PAUSE;
        int count = libc.epollWait(epoll, events, MOST, mayWait ? millis : 0);
        asleep.set(false);
        if (!paused.isEmpty() && System.nanoTime() - pauseEnds >= 0) {
            own.addAll(paused);
            paused.clear();
        }
        return count;
    }

    /** How many events come without sleep; 0 if none does for a while, or there is else to do. */
    @SuppressWarnings("ThreadPriorityCheck")
    private int poll() {
        long end = busyPoll.end();
        do {
            if (!tasks.isEmpty()) return 0;
            int count = libc.epollWait(epoll, events, MOST, 0);
            if (count > 0) {
                busyPoll.succeeded();
                return count;
            }
            // Whoever is to answer may be waiting for this CPU.
            Thread.yield();
        } while (System.nanoTime() - end < 0);
        busyPoll.failed();
        return 0;
    }

    private void dispatch(int number) {
        long at = (long) number * EVENT;
        int descriptor = (int) events.get(ValueLayout.JAVA_LONG_UNALIGNED, at + DATA);
        var handler = handlers[descriptor];
        if (handler == null) return;
        int what = events.get(ValueLayout.JAVA_INT_UNALIGNED, at);
        try {
            handler.ready(what);
        } catch (RuntimeException | Error e) {
            onFailure.accept(e);
        }
        // What it caused comes before the next descriptor's events: its bytes are in the caches.
        runOwn();
    }

    private void runTasks() {
        for (var task = tasks.poll(); task != null; task = tasks.poll()) own.add(task);
        runOwn();
    }

    /** And what they cause; but not for ever, as others have their turn too. */
    private void runOwn() {
        for (int round = 0; round < ROUNDS && !own.isEmpty(); round++) {
            for (int left = own.size(); left > 0; left--) guard(own.poll());
        }
    }

    private void guard(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            onFailure.accept(e);
        }
    }
}
