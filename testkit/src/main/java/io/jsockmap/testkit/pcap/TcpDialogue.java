package io.jsockmap.testkit.pcap;

import io.jsockmap.testkit.pcap.Transported.Ends;
import io.jsockmap.testkit.pcap.Transported.Segment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A TCP connection that is being put together. */
final class TcpDialogue implements Dialogue {
    private final List<Piece> pieces = new ArrayList<>();
    private final List<StreamEnd> ends = new ArrayList<>();
    private final List<Remark> remarks = new ArrayList<>();
    private final PacketNotes notes = new PacketNotes();

    /** From client to server. */
    private final Ends direction;

    private final HalfStream fromClient;
    private final HalfStream fromServer;
    private boolean openingSeen;
    private boolean reset;

    TcpDialogue(Budget budget, Segment first) {
        direction = clientSends(first) ? first.ends() : first.ends().reversed();
        fromClient = new HalfStream(budget, new Side(true));
        fromServer = new HalfStream(budget, new Side(false));
    }

    /** Without a SYN: the port of who asks is picked by its system, from the upper ones. */
    private static boolean clientSends(Segment first) {
        if (first.is(Segment.SYN)) return !first.is(Segment.ACK);
        return first.ends().source().getPort() >= first.ends().target().getPort();
    }

    private final class Side implements HalfStream.Sink {
        private final boolean client;

        Side(boolean client) {
            this.client = client;
        }

        @Override
        public void bytes(byte[] bytes, Packet packet) {
            pieces.add(new Piece(client, bytes, packet.time(), packet.number()));
        }

        @Override
        public void end(Packet packet) {
            endsWith(client, false, packet);
        }
    }

    private void endsWith(boolean client, boolean isReset, Packet packet) {
        ends.add(new StreamEnd(client, isReset, pieces.size(), packet.time(), packet.number()));
    }

    /** Whether it is of another connection, between the same ports. */
    boolean isOver(Segment segment) {
        if (!segment.is(Segment.SYN)) return false;
        var sender = isFromClient(segment) ? fromClient : fromServer;
        return reset || sender.isKnown() && !sender.beganWith(segment.seq());
    }

    private boolean isFromClient(Segment segment) {
        return segment.ends().equals(direction);
    }

    void take(Segment segment) throws IOException {
        boolean client = isFromClient(segment);
        var sender = client ? fromClient : fromServer;
        var other = client ? fromServer : fromClient;
        var packet = segment.packet();
        if (reset) {
            if (segment.payload().length() > 0)
                notes.add("sent after the reset, left out", packet.number());
            return;
        }
        if (segment.is(Segment.RST)) {
            reset = true;
            endsWith(client, true, packet);
            return;
        }
        if (segment.is(Segment.SYN)) openingSeen = true;
        if (segment.is(Segment.ACK)) {
            // Who answers a SYN says with which number it came.
            if (!other.isKnown() && segment.is(Segment.SYN)) other.begin(segment.ack());
            other.acknowledged(segment.ack());
        }
        if (segment.missing() > 0) {
            notes.add("cut off by the capture within what it brings", packet.number());
        }
        sender.take(segment);
    }

    @Override
    public void remark(Remark remark) {
        remarks.add(remark);
    }

    @Override
    public Conversation finish() {
        List<String> all = new ArrayList<>(notes.lines());
        note(all, "client to server", fromClient);
        note(all, "server to client", fromServer);
        return new Conversation(
                Protocol.TCP,
                direction.source(),
                direction.target(),
                openingSeen,
                pieces,
                ends,
                remarks,
                all);
    }

    private static void note(List<String> all, String direction, HalfStream stream) {
        var missing = stream.finish();
        if (!missing.isEmpty()) all.add(direction + ": " + missing);
    }
}
