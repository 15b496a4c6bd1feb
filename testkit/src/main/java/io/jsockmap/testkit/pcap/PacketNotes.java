package io.jsockmap.testkit.pcap;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is said of packets: each thing once, with the packets that it is said of. */
final class PacketNotes {
    /** Things, and packets of each that are named. */
    private static final int MOST = 100;

    private static final int NAMED = 3;
    private final Map<String, Packets> packets = new LinkedHashMap<>();

    private static final class Packets {
        final List<Long> first = new ArrayList<>();
        long count;
    }

    void add(String what, long packet) {
        if (packets.size() == MOST && !packets.containsKey(what)) return;
        var those = packets.computeIfAbsent(what, _ -> new Packets());
        if (those.first.size() < NAMED) those.first.add(packet);
        those.count++;
    }

    /** A line each. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        packets.forEach((what, those) -> lines.add(line(what, those)));
        return lines;
    }

    private static String line(String what, Packets those) {
        long more = those.count - those.first.size();
        var numbers = String.join(", ", those.first.stream().map(String::valueOf).toList());
        return "packet%s %s%s: %s"
                .formatted(
                        those.count == 1 ? "" : "s",
                        numbers,
                        more == 0 ? "" : " and %,d more".formatted(more),
                        what);
    }
}
