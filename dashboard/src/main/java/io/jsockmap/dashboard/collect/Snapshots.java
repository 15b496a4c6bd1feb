package io.jsockmap.dashboard.collect;

import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.dashboard.metrics.Metrics;
import io.jsockmap.dashboard.state.MapRow;
import io.jsockmap.dashboard.state.MessageRow;
import io.jsockmap.dashboard.state.State;
import io.jsockmap.sockmap.map.UserSocketMap;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The state at moments. However many ask, it is put together at most twice a second, as it asks
 * every socket for its account.
 */
public final class Snapshots {
    private static final long LASTS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Collector collector;
    private final Subject subject;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final SocketRates rates = new SocketRates();
    private final long start;
    private State last;
    private long taken;
    private Metrics.Source counted;
    private long countedAt;

    public Snapshots(
            Collector collector, Subject subject, InstantSource clock, LongSupplier nanos) {
        this.collector = collector;
        this.subject = subject;
        this.clock = clock;
        this.nanos = nanos;
        start = nanos.getAsLong();
    }

    /** The state now, or half a second ago; whoever asks counts as somebody who looks. */
    public synchronized State now() {
        collector.lookedAt();
        long now = nanos.getAsLong();
        if (last == null || now - taken >= LASTS) {
            last = take(now);
            taken = now;
        }
        return last;
    }

    /** Whether connections are accepted, at this moment; nobody looks by that. */
    public boolean isServing() {
        return subject.isServing();
    }

    private State take(long now) {
        var sockets = Sockets.of(subject.connections(), rates, now);
        var edges = collector.edges();
        return new State(
                State.FORMAT,
                clock.millis(),
                TimeUnit.NANOSECONDS.toSeconds(now - start),
                subject.object().spec().name(),
                subject.listening(),
                collector.rates(),
                collector.history(),
                collector.programs(),
                subject.sockets(),
                sockets.busiest(),
                sockets.edges(edges),
                sockets.groups(),
                sockets.groupEdges(edges),
                maps(),
                collector.sampledOneIn(),
                collector.messages().stream().map(message -> row(message, sockets)).toList(),
                collector.incidents(),
                collector.counts());
    }

    /** What metrics are made of, now or half a second ago; nobody looks by that. */
    public synchronized Metrics.Source metrics() {
        long now = nanos.getAsLong();
        if (counted == null || now - countedAt >= LASTS) {
            counted =
                    new Metrics.Source(
                            collector.programs(), maps(), subject.sockets(), collector.counts());
            countedAt = now;
        }
        return counted;
    }

    private List<MapRow> maps() {
        return subject.object().maps().values().stream().map(Snapshots::row).toList();
    }

    private static MapRow row(BpfMap map) {
        return new MapRow(
                map.name(),
                map.definition().typeName(),
                map.count().orElse(-1),
                map.maxEntries(),
                map.keySize(),
                map.valueSize(),
                map instanceof UserSocketMap sockets ? sockets.programs().describe() : "");
    }

    private static MessageRow row(JudgedMessage message, Sockets sockets) {
        var target =
                message.target()
                        .map(to -> sockets.label(to) + (message.ingress() ? ", ingress" : ""));
        return new MessageRow(
                message.time(),
                sockets.label(message.socket()),
                message.direction(),
                message.program(),
                message.verdict(),
                target.orElse(""),
                message.line().map(Object::toString).orElse(""),
                message.length(),
                message.start().map(HexFormat.of()::formatHex).orElse(""),
                message.start().map(Snapshots::printable).orElse(""));
    }

    private static String printable(byte[] bytes) {
        var text = bytes.clone();
        for (int i = 0; i < text.length; i++) {
            if (text[i] < ' ' || text[i] == 0x7f) text[i] = '.';
        }
        return new String(text, StandardCharsets.US_ASCII);
    }
}
