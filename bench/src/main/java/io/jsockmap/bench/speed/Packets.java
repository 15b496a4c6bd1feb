package io.jsockmap.bench.speed;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** The packets that programs are run on. */
final class Packets {
    /** A kilobyte that every byte value is in. */
    static final byte[] BYTES = counting(1024);

    /** Its first line has to be read through to the last rule but one. */
    static final byte[] REQUEST =
            crlf(
                    """
                    GET /api/v1/orders?status=open&page=2 HTTP/1.1
                    Host: shop.example.org
                    User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0
                    Accept: application/json
                    Accept-Language: en-US,en;q=0.5
                    Accept-Encoding: gzip, deflate, br
                    Connection: keep-alive
                    Cookie: session=0f8c3a52e7b94d1683ac; theme=dark

                    """);

    /** Ethernet, IPv4, TCP: 192.0.2.17:49363 acknowledges something of 198.51.100.9:443. */
    static final byte[] SEGMENT =
            hex(
                    """
                    02000000000a02000000000b0800
                    450000341c46400040063230c0000211c6336409
                    c0d301bb1122334455667788801001f500000000
                    0101080a0000100000001001
                    """);

    /** Addresses and ports of the segment, and its protocol, as the program's key has them. */
    static final byte[] TUPLE = hex("c0000211 c6336409 c0d3 01bb 06000000");

    /**
     * The ClientHello of an OpenSSL client that asks for Shop.Example.org; the server's name stands
     * behind ten other extensions, as browsers shuffle them.
     */
    static final byte[] CLIENT_HELLO =
            Arrays.copyOf(
                    hex(
                            """
                            1603010200010001fc03031ed0c29f3f19d1dc43d93dabc39f924d9689629a53
                            c08ad0e448064aa6c984d5207b5ece9d83da9a1051be09ecdfaab3806379ef09
                            564d204cdec2481cf30dc07a0024130213031301c02cc030c02bc02fcca9cca8
                            c024c028c023c027009f009e006b006700ff0100018f000b000403000102000a
                            00160014001d0017001e00190018010001010102010301040023000000160000
                            00170000000d002a0028040305030603080708080809080a080b080408050806
                            040105010601030303010302040205020602002b00050403040303002d000201
                            01003300260024001d00201ee5171b541ef40be20a3b4ec1dccea8c72ddf1574
                            22a47af45681ca0390d46e00000015001300001053686f702e4578616d706c65
                            2e6f7267001500dd
                            """),
                    517);

    private Packets() {}

    /** A number in the machine's order. */
    static byte[] u32(int value) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(Integer.reverseBytes(value)).array();
    }

    /** A number in the machine's order. */
    static byte[] u64(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(Long.reverseBytes(value)).array();
    }

    /** A number of 64 bits, and two of 32. */
    static byte[] route(long client, int choice) {
        return ByteBuffer.allocate(2 * Long.BYTES).put(u64(client)).put(u32(choice)).array();
    }

    /** A text in that many bytes, zeros at the end. */
    static byte[] padded(String text, int size) {
        return Arrays.copyOf(text.getBytes(StandardCharsets.US_ASCII), size);
    }

    private static byte[] counting(int size) {
        var bytes = new byte[size];
        for (int i = 0; i < size; i++) bytes[i] = (byte) i;
        return bytes;
    }

    private static byte[] crlf(String text) {
        return text.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replaceAll("\\s", ""));
    }
}
