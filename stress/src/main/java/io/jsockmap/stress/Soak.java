package io.jsockmap.stress;

import com.sun.management.HotSpotDiagnosticMXBean;

import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.program.ProgramFault;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSockMap;
import io.jsockmap.sockmap.socket.FullTarget;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SockListener;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Many connections over loopback that live and die for a long time, with redirects among them while
 * their targets change. At the end nothing may be left: no socket, no entry, no thread, no memory.
 *
 * <p>Settings are system properties: {@code soak.minutes} (30), {@code soak.sockets} (2000), {@code
 * soak.seed} (the time).
 */
public final class Soak {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    final UserEngine engine = UserEngine.open(settings());
    final ServerSocketChannel listener;
    final UserSockMap received;
    final UserSockMap sent;
    final UserSockMap receivedTargets;
    final UserSockMap sentTargets;
    final AtomicLong frames = new AtomicLong();
    final AtomicLong connections = new AtomicLong();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong lost = new AtomicLong();
    private final int pairs;
    private final long seed;
    private volatile boolean over;

    private Soak(int sockets, long seed) throws IOException {
        pairs = sockets / 2;
        this.seed = seed;
        listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), pairs);
        var programs =
                Path.of(System.getProperty("jsockmap.root"))
                        .resolve("sockmap/src/test/resources/programs");
        var framing = engine.load(programs.resolve("frames.bpf.o"));
        var sending = engine.load(programs.resolve("frames-msg.bpf.o"));
        receivedTargets = framing.sockMap("targets");
        sentTargets = sending.sockMap("targets");
        received = map("received");
        received.attach(framing.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
        received.attach(framing.program("judge"), AttachType.SK_SKB_STREAM_VERDICT);
        sent = map("sent");
        sent.attach(sending.program("judge"), AttachType.SK_MSG_VERDICT);
    }

    private UserSockMap map(String name) {
        return new UserSockMap(MapDefinition.of(name, MapType.SOCKMAP, 4, 8, pairs));
    }

    private UserEngine.Settings settings() {
        return UserEngine.Settings.DEFAULT.with(
                new SockListener() {
                    @Override
                    public void faulted(Sock socket, ProgramFault fault) {
                        failures.add(fault);
                    }

                    @Override
                    public void failed(Sock socket, Throwable cause) {
                        failures.add(cause);
                    }

                    @Override
                    public void lost(Sock socket, long bytes, String reason) {
                        lost.addAndGet(bytes);
                    }
                });
    }

    /** Runs as long as the settings say; exits with 1 if anything is wrong or left over. */
    public static void main(String[] arguments) throws Exception {
        int sockets = Integer.getInteger("soak.sockets", 2000);
        long seed = Long.getLong("soak.seed", System.currentTimeMillis());
        double minutes = Double.parseDouble(System.getProperty("soak.minutes", "30"));
        System.out.printf("%d sockets for %.1f minutes, seed %d%n", sockets, minutes, seed);
        long memory = usedMemory();
        var soak = new Soak(sockets, seed);
        soak.run(Duration.ofMillis((long) (minutes * 60_000)));
        System.out.printf(
                "%d connections, %d frames, %d bytes lost to targets that were gone or full%n",
                soak.connections.get(), soak.frames.get(), soak.lost.get());
        soak.report(memory);
        System.exit(soak.failures.isEmpty() ? 0 : 1);
    }

    private void run(Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < pairs; i++) {
                int slot = i;
                executor.execute(() -> guarded(() -> live(slot)));
            }
            executor.execute(() -> guarded(this::changeTargets));
            while (System.nanoTime() < end && failures.isEmpty()) Thread.sleep(1000);
            over = true;
        }
    }

    private interface Task {
        void run() throws Exception;
    }

    private void guarded(Task task) {
        try {
            task.run();
        } catch (Exception | Error e) {
            failures.add(e);
        }
    }

    private void live(int slot) throws Exception {
        var random = new Random(seed + slot);
        while (!over) {
            try (var pair = new SoakPair(this, slot, random)) {
                connections.incrementAndGet();
                pair.live();
            }
        }
    }

    boolean isOver() {
        return over;
    }

    void failed(Throwable cause) {
        failures.add(cause);
    }

    /** Every moment another target, or none, and another policy for those that are full. */
    private void changeTargets() {
        var random = new Random(seed);
        while (!over) {
            var map = random.nextBoolean() ? receivedTargets : sentTargets;
            // What an application sends in pieces must not have others' messages between them.
            int slot = random.nextInt(pairs) & ~1;
            var target = received.socket(slot);
            target.ifPresent(socket -> World.errno(() -> map.update(0, socket, UpdateFlag.ANY)));
            if (target.isEmpty()) World.errno(() -> map.delete(0));
            if (random.nextInt(50) == 0) {
                map.setWhenFull(random.nextBoolean() ? FullTarget.BLOCK : FullTarget.DROP);
            }
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }

    private void report(long memory) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (engine.sockets().size() + threads() > 0 && System.nanoTime() < deadline) {
            Thread.sleep(100);
        }
        expect("sockets", engine.sockets().size(), 0);
        expect("threads of transports", threads(), 0);
        expect("entries", received.size() + sent.size(), 0);
        expect("targets", receivedTargets.size() + sentTargets.size(), 0);
        listener.close();
        expect("more MiB of heap", Math.max(0, usedMemory() - memory) >> 20, 64);
        expect("MiB of direct buffers", directMemory() >> 20, 8);
        failures.stream().limit(10).forEach(failure -> failure.printStackTrace(System.out));
        System.out.println(failures.isEmpty() ? "nothing is left" : "FAILED");
    }

    private void expect(String what, long found, long most) {
        System.out.printf("%s: %d (at most %d)%n", what, found, most);
        if (found > most) failures.add(new IllegalStateException(found + " " + what));
    }

    /** Threads that carry bytes: they are virtual, so only a dump shows them. */
    private static long threads() throws IOException {
        var dump = Files.createTempFile("soak", ".json");
        Files.delete(dump);
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .dumpThreads(dump.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.JSON);
        try (var lines = Files.lines(dump)) {
            return lines.filter(line -> line.matches(".*\"name\": \"(receive|transmit) .*"))
                    .count();
        } finally {
            Files.delete(dump);
        }
    }

    private static long directMemory() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    private static long usedMemory() {
        for (int i = 0; i < 3; i++) System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
