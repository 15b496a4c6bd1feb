package io.jsockmap.sockmap.examples;

import io.jsockmap.sockmap.network.Bytes;

/** A TLS client's first record (RFC 8446, 4.1.2; server name: RFC 6066, 3). */
public final class ClientHello {
    private ClientHello() {}

    /** With a server name. */
    public static String to(String name) {
        var entry = "\0" + u16(name.length()) + name;
        return record(extension(0, u16(entry.length()) + entry));
    }

    /** Without one. */
    public static String toNobody() {
        return record("");
    }

    private static String record(String serverName) {
        var extensions = extension(0x2b, "\2\3\4") + serverName + extension(0x0a, "\0\2\0\35");
        var body =
                "\3\3"
                        + "r".repeat(32)
                        + (char) 32
                        + "s".repeat(32)
                        + u16(4)
                        + "\23\1\23\2"
                        + "\1\0"
                        + u16(extensions.length())
                        + extensions;
        var handshake = "\1\0" + u16(body.length()) + body;
        return "\26\3\1" + u16(handshake.length()) + handshake;
    }

    private static String extension(int type, String data) {
        return u16(type) + u16(data.length()) + data;
    }

    private static String u16(int value) {
        return Bytes.text(new byte[] {(byte) (value >> 8), (byte) value});
    }
}
