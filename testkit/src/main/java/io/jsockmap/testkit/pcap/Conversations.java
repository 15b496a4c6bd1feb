package io.jsockmap.testkit.pcap;

import io.jsockmap.testkit.pcap.Transported.Datagram;
import io.jsockmap.testkit.pcap.Transported.Ends;
import io.jsockmap.testkit.pcap.Transported.Segment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Gives each packet to its conversation. */
final class Conversations {
    private final Budget budget;
    private final List<Dialogue> all = new ArrayList<>();

    /** The newest between two ports, by one of the two directions. */
    private final Map<Ends, TcpDialogue> streams = new HashMap<>();

    private final Map<Ends, UdpDialogue> datagrams = new HashMap<>();
    private final PacketNotes notes = new PacketNotes();
    private long packets;

    /**
     * @param file what it is called in errors
     */
    Conversations(CaptureLimits limits, String file) {
        budget = new Budget(limits, file);
    }

    void take(Packet packet) throws IOException {
        packets++;
        Dialogue dialogue;
        try {
            dialogue =
                    switch (Transported.of(packet)) {
                        case Segment segment -> take(segment);
                        case Datagram datagram -> take(datagram);
                    };
        } catch (Unreadable e) {
            notes.add(e.getMessage(), packet.number());
            return;
        }
        for (var comment : packet.comments()) {
            budget.take(comment.length());
            dialogue.remark(new Remark(packet.number(), comment));
        }
    }

    private Dialogue take(Segment segment) throws IOException {
        var ends = key(streams, segment.ends());
        var dialogue = streams.get(ends);
        if (dialogue == null || dialogue.isOver(segment)) {
            dialogue = new TcpDialogue(budget, segment);
            begin(dialogue);
            streams.put(ends, dialogue);
        }
        dialogue.take(segment);
        return dialogue;
    }

    private Dialogue take(Datagram datagram) throws IOException {
        var ends = key(datagrams, datagram.ends());
        var dialogue = datagrams.get(ends);
        if (dialogue == null) {
            dialogue = new UdpDialogue(budget, datagram);
            begin(dialogue);
            datagrams.put(ends, dialogue);
        }
        dialogue.take(datagram);
        return dialogue;
    }

    private static Ends key(Map<Ends, ?> known, Ends ends) {
        return known.containsKey(ends.reversed()) ? ends.reversed() : ends;
    }

    private void begin(Dialogue dialogue) throws IOException {
        budget.takeConversation();
        all.add(dialogue);
    }

    Capture finish() {
        return new Capture(all.stream().map(Dialogue::finish).toList(), packets, notes.lines());
    }
}
