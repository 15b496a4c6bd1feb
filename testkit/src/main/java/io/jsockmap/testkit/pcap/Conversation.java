package io.jsockmap.testkit.pcap;

import io.jsockmap.sockmap.socket.Addresses;

import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * A TCP connection, or the datagrams between two UDP ports.
 *
 * {@snippet class="io.jsockmap.testkit.examples.CaptureExamples" region="read"}
 *
 * @param protocol what carries it
 * @param client who opened it. Where the capture has no SYN it is the side with the higher port;
 *     with UDP the one that sent first
 * @param server the other side
 * @param openingSeen whether the capture has the SYN; never with UDP
 * @param pieces what was sent, each byte once, as far as the capture has it without a gap: in the
 *     order in which receivers could have had it
 * @param ends the ends of the streams, in their order
 * @param remarks what comments of the file say of its packets
 * @param notes what is missing or could not be read, a line each; empty if the conversation is
 *     whole
 */
public record Conversation(
        Protocol protocol,
        InetSocketAddress client,
        InetSocketAddress server,
        boolean openingSeen,
        List<Piece> pieces,
        List<StreamEnd> ends,
        List<Remark> remarks,
        List<String> notes) {
    public Conversation {
        pieces = List.copyOf(pieces);
        ends = List.copyOf(ends);
        remarks = List.copyOf(remarks);
        notes = List.copyOf(notes);
    }

    /** How it stands when the capture ends. */
    public Ending ending() {
        boolean client = false;
        boolean server = false;
        for (var end : ends) {
            if (end.reset()) return end.fromClient() ? Ending.CLIENT_RESET : Ending.SERVER_RESET;
            if (end.fromClient()) client = true;
            else server = true;
        }
        if (client) return server ? Ending.CLOSED : Ending.CLIENT_ENDED;
        return server ? Ending.SERVER_ENDED : Ending.OPEN;
    }

    /** All that one side sent, without the limits of its pieces. */
    public byte[] sent(boolean fromClient) {
        var all = new ByteArrayOutputStream();
        for (var piece : pieces) {
            if (piece.fromClient() == fromClient) all.writeBytes(piece.bytes());
        }
        return all.toByteArray();
    }

    @Override
    public String toString() {
        return "%s %s -> %s, %d bytes and %d back, %s"
                .formatted(
                        protocol,
                        Addresses.print(client),
                        Addresses.print(server),
                        length(true),
                        length(false),
                        ending());
    }

    private long length(boolean fromClient) {
        return pieces.stream()
                .filter(piece -> piece.fromClient() == fromClient)
                .mapToLong(piece -> piece.bytes().length)
                .sum();
    }
}
