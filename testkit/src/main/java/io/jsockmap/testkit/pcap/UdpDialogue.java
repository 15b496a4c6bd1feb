package io.jsockmap.testkit.pcap;

import io.jsockmap.testkit.pcap.Transported.Datagram;
import io.jsockmap.testkit.pcap.Transported.Ends;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The datagrams between two ports. */
final class UdpDialogue implements Dialogue {
    private final Budget budget;
    private final Ends direction;
    private final List<Piece> pieces = new ArrayList<>();
    private final List<Remark> remarks = new ArrayList<>();
    private final PacketNotes notes = new PacketNotes();

    UdpDialogue(Budget budget, Datagram first) {
        this.budget = budget;
        direction = first.ends();
    }

    void take(Datagram datagram) throws IOException {
        var packet = datagram.packet();
        if (datagram.missing() > 0) {
            notes.add(
                    "cut off by the capture within what it brings, and left out", packet.number());
            return;
        }
        var bytes = datagram.payload().copy();
        budget.take(bytes.length);
        boolean client = datagram.ends().equals(direction);
        pieces.add(new Piece(client, bytes, packet.time(), packet.number()));
    }

    @Override
    public void remark(Remark remark) {
        remarks.add(remark);
    }

    @Override
    public Conversation finish() {
        return new Conversation(
                Protocol.UDP,
                direction.source(),
                direction.target(),
                false,
                pieces,
                List.of(),
                remarks,
                notes.lines());
    }
}
