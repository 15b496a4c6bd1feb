package io.jsockmap.sockmap.socket;

import io.jsockmap.bpf.interpreter.Interpreter;
import io.jsockmap.bpf.program.Environment;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * Messages such as sockets have them, of a socket that is connected to nothing.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.MessageExamples" region="received"}
 */
public final class Samples {
    /** A ClientHello for {@code example.org} (RFC 8446, 4.1.2), with no more than that takes. */
    private static final String CLIENT_HELLO =
            "1603010046010000420303"
                    + "00".repeat(32)
                    + "00000213010100"
                    + "0017000000130011"
                    + "00000e6578616d706c652e6f72672e6e6574";

    private static final List<byte[]> BYTES =
            List.of(
                    lines(
                            """
                            GET /index.html HTTP/1.1
                            Host: example.org
                            Content-Length: 0

                            """),
                    lines(
                            """
                            POST /api/items HTTP/1.1
                            Host: example.org
                            Content-Length: 2

                            {}\
                            """),
                    lines("HTTP/1.1 200 OK\nContent-Length: 2\n\nok"),
                    HexFormat.of().parseHex(CLIENT_HELLO),
                    lines("PRI * HTTP/2.0\n\nSM\n\n"),
                    new byte[1024],
                    new byte[1]);

    private Samples() {}

    /** Lines as protocols end them. */
    private static byte[] lines(String text) {
        return text.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** Knows none of its sockets for longer than it takes to make one. */
    private static final SockTable TABLE =
            new SockTable(new Interpreter(), Environment.system(), Limits.DEFAULT, Delivery.WHOLE);

    /**
     * A socket that no other one finds.
     *
     * @param addresses its ends
     */
    public static Sock socket(Addresses addresses) {
        var socket = TABLE.open(addresses, TcpState.ESTABLISHED, Transport.NONE, SockListener.NONE);
        TABLE.forget(socket);
        return socket;
    }

    /** A message that the socket sends. */
    public static SkMsg sent(Sock socket, int turn) {
        return sent(socket, List.of(bytes(turn)));
    }

    /**
     * A message that the socket sends.
     *
     * @param elements its bytes by elements, of which programs see the first; at most 17
     */
    public static SkMsg sent(Sock socket, List<byte[]> elements) {
        var message = new SkMsg(socket, Delivery.KERNEL);
        elements.forEach(element -> message.add(Chunk.of(element)));
        message.beginRun();
        return message;
    }

    /** A message that the socket received. */
    public static SkBuff received(Sock socket, int turn) {
        var bytes = bytes(turn);
        return received(socket, bytes, bytes.length);
    }

    /**
     * A message that the socket received.
     *
     * @param linear how many of its bytes can be read directly
     */
    public static SkBuff received(Sock socket, byte[] bytes, int linear) {
        var buffer = new SkBuff(socket, Chunk.of(bytes), Delivery.HOSTILE);
        buffer.pull(linear);
        buffer.beginRun();
        return buffer;
    }

    private static byte[] bytes(int turn) {
        return BYTES.get(turn % BYTES.size()).clone();
    }
}
