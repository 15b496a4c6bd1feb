package io.jsockmap.dashboard.collect;

import io.jsockmap.sockmap.socket.Redirect;
import io.jsockmap.sockmap.socket.Sock;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Who redirects to whom. There are never many more than {@link #MOST}: those on which nothing goes
 * any more make room for others, and as long as there is none, new ones are not noted.
 */
final class Edges {
    static final int MOST = 1000;
    private static final int IDLE_SECONDS = 30;

    private final Map<Ends, Flow> flows = new ConcurrentHashMap<>();

    private record Ends(long source, long target, boolean ingress) {}

    private static final class Flow {
        final LongAdder messages = new LongAdder();
        final LongAdder bytes = new LongAdder();
        // What follows is the ticking thread's.
        volatile double messagesPerSecond;
        volatile double bytesPerSecond;
        private long messagesBefore;
        private long bytesBefore;
        private int idle;

        void tick(double seconds) {
            long messagesNow = messages.sum();
            long bytesNow = bytes.sum();
            idle = messagesNow == messagesBefore ? idle + 1 : 0;
            messagesPerSecond = (messagesNow - messagesBefore) / seconds;
            bytesPerSecond = (bytesNow - bytesBefore) / seconds;
            messagesBefore = messagesNow;
            bytesBefore = bytesNow;
        }

        boolean isIdle() {
            return idle >= IDLE_SECONDS;
        }
    }

    void count(Sock socket, Redirect to, int bytes) {
        var ends = new Ends(socket.cookie(), to.target().cookie(), to.ingress());
        var flow = flows.get(ends);
        if (flow == null) {
            if (flows.size() >= MOST) return;
            flow = flows.computeIfAbsent(ends, _ -> new Flow());
        }
        flow.messages.increment();
        flow.bytes.add(bytes);
    }

    void tick(double seconds) {
        flows.values().forEach(flow -> flow.tick(seconds));
        flows.values().removeIf(Flow::isIdle);
    }

    void clear() {
        flows.clear();
    }

    List<Edge> busiest() {
        return flows.entrySet().stream()
                .map(entry -> edge(entry.getKey(), entry.getValue()))
                .sorted(
                        Comparator.comparingDouble(Edge::bytesPerSecond)
                                .thenComparingLong(Edge::bytes)
                                .reversed()
                                .thenComparingLong(Edge::source)
                                .thenComparingLong(Edge::target))
                .toList();
    }

    private static Edge edge(Ends ends, Flow flow) {
        return new Edge(
                ends.source,
                ends.target,
                ends.ingress,
                flow.messages.sum(),
                flow.bytes.sum(),
                flow.messagesPerSecond,
                flow.bytesPerSecond);
    }
}
