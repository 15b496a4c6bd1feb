package io.jsockmap.bench.path;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Measures one peer under one load. */
final class Measurement {
    /** Before the clock starts: connections are made, buffers grow. */
    private static final long RAMP = 250;

    /** Connections that are opened at once, when many are to stay. */
    private static final int OPENING = 64;

    /** In which at least one more must be open. */
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(5);

    private static final double MIB = 1024 * 1024;

    private Measurement() {}

    /** What was counted at a time. */
    private record Reading(long time, long done, double cpu) {
        static Reading now(Load load, Client client, Carrier carrier) {
            double cpu = carrier.processes().map(ProcessTree::cpu).orElse(0.0);
            long done =
                    load.kind() == Load.Kind.BULK
                            ? carrier.upstream().bytes().get()
                            : client.done();
            return new Reading(System.nanoTime(), done, cpu);
        }
    }

    /**
     * How much comes through in so many milliseconds, and what it takes.
     *
     * @throws IOException if it fails, or nothing comes through
     */
    static Map<Figure, Double> rate(Load load, Carrier carrier, long millis)
            throws IOException, InterruptedException {
        Reading before;
        Reading after;
        var client = load.client(carrier.address());
        try (client) {
            client.start();
            Thread.sleep(RAMP);
            before = Reading.now(load, client, carrier);
            client.record(true);
            Thread.sleep(millis);
            client.record(false);
            after = Reading.now(load, client, carrier);
            client.check();
        }
        carrier.awaitQuiet();
        double done = after.done - before.done;
        if (done <= 0) throw new IOException("nothing comes through");
        var figures = new EnumMap<Figure, Double>(Figure.class);
        var kind = load.kind();
        figures.put(Figure.VALUE, done / kind.scale() / ((after.time - before.time) / 1e9));
        if (carrier.processes().isPresent()) {
            figures.put(Figure.CPU, (after.cpu - before.cpu) / done * kind.portion());
        }
        if (kind != Load.Kind.BULK) {
            var times = client.histogram();
            figures.put(Figure.P50, times.getValueAtPercentile(50) / 1e3);
            figures.put(Figure.P99, times.getValueAtPercentile(99) / 1e3);
            figures.put(Figure.P999, times.getValueAtPercentile(99.9) / 1e3);
        }
        return figures;
    }

    /**
     * What connections cost in memory that have asked once and are silent: in a fresh process,
     * after it has served others for so many milliseconds.
     *
     * @throws IOException if they can't all be opened
     */
    static Map<Figure, Double> crowd(Peer peer, Origin origin, Path folder, long millis)
            throws IOException, InterruptedException {
        // Clients and origin are both in this process.
        int number =
                Math.min(
                        Load.IDLE.connections(), Math.min(peer.most(), Descriptors.connections(2)));
        try (var carrier = Carrier.start(peer, origin, folder)) {
            rate(Load.CONNECT, carrier, millis);
            Thread.sleep(RAMP);
            var processes = carrier.processes().orElseThrow();
            long before = processes.memory();
            long after;
            try (var client = Visits.staying(carrier.address(), OPENING, number)) {
                client.start();
                awaitAll(client, number);
                Thread.sleep(RAMP);
                after = processes.memory();
            }
            var figures = new EnumMap<Figure, Double>(Figure.class);
            figures.put(Figure.VALUE, (after - before) / Load.Kind.IDLE.scale() / number);
            figures.put(Figure.CONNECTIONS, (double) number);
            figures.put(Figure.MEMORY, after / MIB);
            return figures;
        }
    }

    private static void awaitAll(Client client, int number)
            throws IOException, InterruptedException {
        long last = 0;
        long end = System.nanoTime() + PATIENCE;
        while (client.done() < number) {
            client.check();
            long done = client.done();
            if (done > last) {
                last = done;
                end = System.nanoTime() + PATIENCE;
            } else if (System.nanoTime() > end) {
                throw new IOException("no more than %d connections".formatted(done));
            }
            Thread.sleep(5);
        }
    }
}
