package io.jsockmap.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.key.KeyNotation;
import io.jsockmap.sockmap.key.NamedSockets;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.Transport;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/** Keys as they are written in the READMEs of the examples, and what bytes they mean. */
class KeyNotationTest {
    private static final Path ROOT = Path.of(System.getProperty("jsockmap.root", ".."));

    private final UserEngine engine = Engines.open();
    private Sock client;
    private NamedSockets connection;

    @BeforeEach
    void connect() {
        client = accepted("127.0.0.1", 0x1f90, "127.0.0.2", 0xc350);
        var upstream = accepted("::1", 0x1f91, "::1", 0x1f92);
        connection = new NamedSockets(3, Map.of("client", client, "upstream", upstream), "client");
    }

    private Sock accepted(String local, int localPort, String remote, int remotePort) {
        var addresses =
                new Addresses(
                        new InetSocketAddress(local, localPort),
                        new InetSocketAddress(remote, remotePort));
        return engine.accepted(addresses, Transport.NONE);
    }

    private UserObject example(String name) {
        return engine.load(ROOT.resolve("examples/%s/%1$s.bpf.o".formatted(name)));
    }

    private String key(String example, String map, String notation) {
        var object = example(example);
        var key = KeyNotation.parse(notation).key(object.map(map), object.spec().btf(), connection);
        return HexFormat.of().formatHex(key);
    }

    /** A number of 8 bytes as the machine has it: little-endian. */
    private static String number(long value) {
        return HexFormat.of().toHexDigits(Long.reverseBytes(value));
    }

    @Test
    void aCookie() {
        assertThat(key("splice", "peers", "cookie")).isEqualTo(number(client.cookie()));
        assertThat(key("splice", "peers", "client.cookie")).isEqualTo(number(client.cookie()));
    }

    @Test
    void theCookieOfAnotherSocket() {
        var upstream = connection.socket("upstream");
        assertThat(key("splice", "peers", "upstream.cookie")).isEqualTo(number(upstream.cookie()));
    }

    @Test
    void aStructureByItsFieldNamesWithWhatIsNotNamedZero() {
        assertThat(key("http-policy", "servers", "{client=client.cookie, choice=1}"))
                .isEqualTo(number(client.cookie()) + "01000000" + "00000000");
        assertThat(key("http-policy", "servers", "{choice=7}"))
                .isEqualTo("0000000000000000" + "07000000" + "00000000");
    }

    @Test
    void aTextIsPaddedWithZeros() {
        assertThat(key("sni-router", "names", "\"ab.c\"")).isEqualTo("61622e63" + "00".repeat(60));
    }

    @Test
    void bytesAsTheyAre() {
        assertThat(key("splice", "peers", "hex:0102")).isEqualTo("0102000000000000");
    }

    @Test
    void anAddressInNetworkOrder() {
        assertThat(key("port-policy", "sockets", "10.1.2.3")).isEqualTo("0a010203");
        assertThat(bytes("2001:db8::7", 16)).isEqualTo("20010db8000000000000000000000007");
        assertThat(bytes("::", 16)).isEqualTo("00".repeat(16));
    }

    @Test
    void aNetworkIsTheKeyOfATrie() {
        assertThat(bytes("10.1.0.0/16", 8)).isEqualTo("10000000" + "0a010000");
        assertThat(bytes("2001:db8::/32", 20)).isEqualTo("20000000" + "20010db8" + "00".repeat(12));
    }

    private String bytes(String notation, int size) {
        var bytes = KeyNotation.parse(notation).bytes(Optional.empty(), 0, size, connection);
        return HexFormat.of().formatHex(bytes);
    }

    @ParameterizedTest
    @CsvSource({
        "7, 07000000",
        "0x1f90, 901f0000",
        "slot*2+1, 07000000",
        "(slot+1)*2, 08000000",
        "1<<8|1, 01010000",
        "0xff&0x0f, 0f000000",
        "10-3, 07000000",
        "0x10000>>8, 00010000",
        // The local port is in host order, the remote one in network order, as programs see them.
        "local_port, 901f0000",
        "remote_port, 0000c350",
        "ntohl(remote_port), 50c30000",
        "htons(local_port), 1f900000",
        "local_ip4, 7f000001",
        "remote_ip4, 7f000002",
        "htonl(remote_ip4), 0200007f",
        "family, 02000000",
        "upstream.family, 0a000000",
        "upstream.local_port, 911f0000"
    })
    void numbersAreLaidOutAsTheMachineDoes(String notation, String bytes) {
        assertThat(key("port-policy", "sockets", notation)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    ``                    | expected a value at column 1
                    1+                    | expected a value at column 3
                    1 2                   | expected the end at column 3
                    (1                    | expected ) at column 3
                    client.               | expected an attribute at column 8
                    {choice 1}            | expected = at column 9
                    {choice=1             | expected , at column 10
                    {=1}                  | expected a field's name at column 2
                    "text                 | expected a value at column 1
                    1 ? 2                 | expected the end at column 3
                    99999999999999999999  | expected a number of at most 64 bits
                    10.0.0.256            | expected an address at column 1
                    1+1:::2               | expected an address at column 3
                    10.0.0.0/33           | expected a network of at most 32 bits at column 1
                    """)
    void anErrorNamesTheColumnOfWhatIsNotUnderstood(String notation, String complaint) {
        assertThatThrownBy(() -> KeyNotation.parse(notation))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining(complaint);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    splice      | peers   | nobody.cookie    | there is no socket nobody (there are: client, upstream)
                    splice      | peers   | height           | height is no attribute of a socket
                    splice      | peers   | sqrt(4)          | sqrt is no function
                    splice      | peers   | {a=1}            | the object does not describe this as a structure
                    splice      | peers   | [1]              | the object does not describe this as an array
                    splice      | peers   | "much too long"  | 13 bytes, there is room for 8
                    port-policy | sockets | 0x100000000      | does not fit into 4 bytes
                    http-policy | servers | {chioce=1}       | struct route has no field chioce (it has: client, choice, zero)
                    http-policy | servers | 1                | name the fields
                    splice      | peers   | 10.0.0.1         | an address or network of 4 bytes, the place has 8
                    """)
    void whatDoesNotFitTheKeySaysWhy(
            String example, String map, String notation, String complaint) {
        assertThatThrownBy(() -> key(example, map, notation))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining(complaint);
    }
}
