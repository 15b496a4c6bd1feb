package io.jsockmap.testkit.scenario;

import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.PerfEventArrayMap;
import io.jsockmap.bpf.map.PerfReader;
import io.jsockmap.bpf.map.QueueMap;
import io.jsockmap.bpf.map.RingBufferMap;
import io.jsockmap.sockmap.UserObject;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Takes what programs leave for applications in ring buffers, perf event arrays and queues. */
final class Events {
    private static final int PERF_BYTES = 1 << 16;

    private final Map<String, List<PerfReader>> readers = new HashMap<>();
    private final UserObject object;

    /** Programs write to a perf event array only where somebody reads. */
    Events(UserObject object) {
        this.object = object;
        for (var map : object.maps().values()) {
            if (map instanceof PerfEventArrayMap perf) {
                readers.put(perf.name(), perf.openAll(PERF_BYTES));
            }
        }
    }

    /** The next record of a map; empty if there is none. */
    Optional<byte[]> next(String name) throws Mismatch {
        BpfMap map = object.map(name);
        return switch (map) {
            case RingBufferMap ring -> ring.poll();
            case QueueMap queue -> queue.peek().map(_ -> queue.pop());
            case PerfEventArrayMap _ ->
                    readers.get(name).stream()
                            .map(PerfReader::poll)
                            .flatMap(Optional::stream)
                            .findFirst();
            default ->
                    throw Mismatch.general(
                            "map %s has no records: a ring buffer, perf event array or queue has"
                                    .formatted(map));
        };
    }
}
