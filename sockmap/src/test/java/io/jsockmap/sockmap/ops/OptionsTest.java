package io.jsockmap.sockmap.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Network;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Limits;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SocketOption;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Arrays;

/** Options of sockets by bpf_setsockopt and bpf_getsockopt of sock_ops programs. */
@DisplayName("H1: bpf_setsockopt and bpf_getsockopt")
class OptionsTest extends NetworkTest {
    private static final int SOCKET = 1;
    private static final int TCP = 6;
    private static final int TCP_CONGESTION = 13;
    private static final long NOT_CALLED = 1;

    private static final Addresses OVER_IPV4 = Network.addresses("10.0.0.1", 1, "10.0.0.2", 2);
    private static final Addresses OVER_IPV6 = Network.addresses("::1", 1, "::1", 2);

    private final Quiet transport = new Quiet();
    private LoadOptions options = LoadOptions.DEFAULT;
    private UserObject object;

    private OptionsTest sets(int level, int name, byte... value) {
        options =
                options.withVariable("set_level", level)
                        .withVariable("set_name", name)
                        .withVariable("set_length", value.length)
                        .withVariable("set_value", Arrays.copyOf(value, 16));
        return this;
    }

    private OptionsTest reads(int level, int name, int length) {
        options =
                options.withVariable("get_level", level)
                        .withVariable("get_name", name)
                        .withVariable("get_length", length)
                        .withVariable("got", -1L);
        return this;
    }

    private Sock connect(Addresses addresses) {
        object = network.load("ops-options", options);
        network.engine().attach(object.program("configure"));
        return network.engine().connected(addresses, transport);
    }

    private long setAnswer() {
        return object.variable("set_answer").value();
    }

    private long getAnswer() {
        return object.variable("get_answer").value();
    }

    private int got() {
        return (int) Bytes.number(Arrays.copyOf(object.variable("got").bytes(), 4));
    }

    private String gotText() {
        return Bytes.text(object.variable("got").bytes()).split("\0", 2)[0];
    }

    @ParameterizedTest
    @DisplayName("an option that nobody set has the kernel's default")
    @CsvSource({
        "SOCKET, SO_REUSEADDR, 2, 0",
        "SOCKET, SO_KEEPALIVE, 9, 0",
        "SOCKET, SO_PRIORITY, 12, 0",
        "SOCKET, SO_REUSEPORT, 15, 0",
        "SOCKET, SO_RCVLOWAT, 18, 1",
        "SOCKET, SO_MARK, 36, 0",
        "SOCKET, SO_MAX_PACING_RATE, 47, -1",
        "SOCKET, SO_TXREHASH, 74, 1",
        "TCP, TCP_NODELAY, 1, 0",
        "TCP, TCP_MAXSEG, 2, 536",
        "TCP, TCP_KEEPIDLE, 4, 7200",
        "TCP, TCP_KEEPINTVL, 5, 75",
        "TCP, TCP_KEEPCNT, 6, 9",
        "TCP, TCP_SYNCNT, 7, 6",
        "TCP, TCP_USER_TIMEOUT, 18, 0",
        "TCP, TCP_NOTSENT_LOWAT, 25, 0",
        "TCP, TCP_SAVE_SYN, 27, 0",
        "TCP, TCP_RTO_MAX_MS, 44, 120000",
        "TCP, TCP_BPF_SOCK_OPS_CB_FLAGS, 1008, 0",
        "TCP, TCP_BPF_DELACK_MAX, 1003, 200000",
        "TCP, TCP_BPF_RTO_MIN, 1004, 200000",
        "IP, IP_TOS, 1, 0"
    })
    void initial(SocketOption.Level level, SocketOption option, int number, int expected) {
        assertThat(option.number()).isEqualTo(number);
        assertThat(option.level()).isEqualTo(level);

        reads(level.number(), number, 4).connect(OVER_IPV4);

        assertThat(getAnswer()).isZero();
        assertThat(got()).isEqualTo(expected);
    }

    @Test
    @DisplayName("the sizes of buffers are those of the engine's limits")
    void buffers() {
        reads(SOCKET, 8, 4).connect(OVER_IPV4);
        assertThat(got()).isEqualTo(Limits.DEFAULT.receiveBytes());

        reads(SOCKET, 7, 4).connect(OVER_IPV4);
        assertThat(got()).isEqualTo(Limits.DEFAULT.sendBytes());
    }

    @ParameterizedTest
    @DisplayName(
            "what is set is read as the kernel keeps it, and offered to the transport as it was"
                    + " given")
    @CsvSource({
        "SO_REUSEADDR, 5, 1",
        "SO_KEEPALIVE, 0, 0",
        "SO_PRIORITY, 6, 6",
        "SO_RCVLOWAT, 0, 1",
        "SO_RCVLOWAT, -1, 2147483647",
        "SO_MARK, -1, -1",
        "SO_SNDBUF, 50000, 100000",
        "SO_SNDBUF, 1, 4608",
        "SO_RCVBUF, 1, 2304",
        "SO_RCVBUF, 10000000, 425984",
        "SO_RCVBUF, -1, 425984",
        "SO_TXREHASH, -1, 1",
        "TCP_NODELAY, 2, 1",
        "TCP_KEEPIDLE, 32767, 32767",
        "TCP_KEEPCNT, 127, 127",
        "TCP_MAXSEG, 0, 0",
        "TCP_MAXSEG, 1400, 1400",
        "TCP_USER_TIMEOUT, 0, 0",
        "TCP_NOTSENT_LOWAT, -5, -5",
        "IP_TOS, 0x1ff, 252"
    })
    void setAndRead(SocketOption option, String value, int expected) {
        int wanted = Integer.decode(value);
        int level = option.level().number();

        sets(level, option.number(), Bytes.u32(wanted));
        var socket = reads(level, option.number(), 4).connect(OVER_IPV4);

        assertThat(setAnswer()).isZero();
        assertThat(got()).isEqualTo(expected);
        assertThat(socket.options().number(option)).isEqualTo(expected);
        assertThat(transport.told()).containsExactly(option + "=" + wanted);
    }

    @ParameterizedTest
    @DisplayName("a value out of range is EINVAL and changes nothing")
    @CsvSource({
        "TCP_KEEPIDLE, 0",
        "TCP_KEEPIDLE, 32768",
        "TCP_KEEPCNT, 128",
        "TCP_KEEPINTVL, -1",
        "TCP_SYNCNT, 0",
        "TCP_MAXSEG, 87",
        "TCP_MAXSEG, 32768",
        "TCP_USER_TIMEOUT, -1",
        "TCP_SAVE_SYN, 3",
        "TCP_THIN_LINEAR_TIMEOUTS, 2",
        "TCP_RTO_MAX_MS, 999",
        "TCP_BPF_DELACK_MAX, 200001",
        "TCP_BPF_RTO_MIN, 0",
        "TCP_BPF_SOCK_OPS_CB_FLAGS, 128",
        "SO_TXREHASH, 2"
    })
    void outOfRange(SocketOption option, int value) {
        sets(option.level().number(), option.number(), Bytes.u32(value));
        var socket = connect(OVER_IPV4);

        assertThat(setAnswer()).isEqualTo(-Errno.EINVAL.number());
        assertThat(socket.options().number(option)).isNotEqualTo(value);
        assertThat(transport.told()).isEmpty();
    }

    @ParameterizedTest
    @DisplayName("TCP_BPF_IW and TCP_BPF_SNDCWND_CLAMP take positive numbers, and can't be read")
    @CsvSource({"1001", "1002"})
    void notReadable(int name) {
        sets(TCP, name, Bytes.u32(10)).reads(TCP, name, 4).connect(OVER_IPV4);
        assertThat(setAnswer()).isZero();
        assertThat(getAnswer()).isEqualTo(-Errno.EINVAL.number());
        assertThat(got()).as("zeros").isZero();

        sets(TCP, name, Bytes.u32(0)).connect(OVER_IPV4);
        assertThat(setAnswer()).isEqualTo(-Errno.EINVAL.number());
    }

    @ParameterizedTest
    @DisplayName("no such level or option, or another size: EINVAL, and zeros for a read")
    @CsvSource({
        "1, 999, 4",
        "6, 999, 4",
        "17, 1, 4",
        "1, 8, 2",
        "1, 8, 8",
        "6, 28, 4",
        "41, 67, 4"
    })
    void unknown(int level, int name, int length) {
        sets(level, name, new byte[length]).reads(level, name, length).connect(OVER_IPV4);

        assertThat(setAnswer()).isEqualTo(-Errno.EINVAL.number());
        assertThat(getAnswer()).isEqualTo(-Errno.EINVAL.number());
        assertThat(Arrays.copyOf(object.variable("got").bytes(), length)).containsOnly(0);
    }

    @Test
    @DisplayName("SOL_IPV6 is for sockets of AF_INET6, SOL_IP for those of AF_INET")
    void family() {
        sets(41, 67, Bytes.u32(0x13)).reads(41, 67, 4).connect(OVER_IPV6);
        assertThat(setAnswer()).isZero();
        assertThat(got()).as("without the two bits of ECN").isEqualTo(0x10);

        sets(0, 1, Bytes.u32(8)).connect(OVER_IPV6);
        assertThat(setAnswer()).isEqualTo(-Errno.EINVAL.number());
        sets(0, 1, Bytes.u32(8)).connect(OVER_IPV4.asMapped());
        assertThat(setAnswer()).as("an IPv6 descriptor").isEqualTo(-Errno.EINVAL.number());
    }

    @Test
    @DisplayName("TCP_BPF_SOCK_OPS_CB_FLAGS is what cb_flags_set sets")
    void callbackFlags() {
        sets(TCP, 1008, Bytes.u32(5)).reads(TCP, 1008, 4).connect(OVER_IPV4);

        assertThat(setAnswer()).isZero();
        assertThat(got()).isEqualTo(5);
    }

    @Test
    @DisplayName("TCP_CONGESTION is a text: cubic, until another one is set")
    void congestion() {
        reads(TCP, TCP_CONGESTION, 16).connect(OVER_IPV4);
        assertThat(getAnswer()).isZero();
        assertThat(gotText()).isEqualTo("cubic");

        sets(TCP, TCP_CONGESTION, Bytes.of("reno")).connect(OVER_IPV4);
        assertThat(setAnswer()).isZero();
        assertThat(gotText()).isEqualTo("reno");

        sets(TCP, TCP_CONGESTION, Bytes.of("bbr\0bic")).connect(OVER_IPV4);
        assertThat(gotText()).as("a zero ends it").isEqualTo("bbr");
    }

    @Test
    @DisplayName("TCP_CONGESTION: ENOENT for a name that is not known, EINVAL without room for one")
    void congestionRefused() {
        sets(TCP, TCP_CONGESTION, Bytes.of("nosuch")).reads(TCP, TCP_CONGESTION, 16);
        connect(OVER_IPV4);
        assertThat(setAnswer()).isEqualTo(-Errno.ENOENT.number());
        assertThat(gotText()).isEqualTo("cubic");

        sets(TCP, TCP_CONGESTION, Bytes.of("c")).reads(TCP, TCP_CONGESTION, 1).connect(OVER_IPV4);
        assertThat(setAnswer()).isEqualTo(-Errno.EINVAL.number());
        assertThat(getAnswer()).isEqualTo(-Errno.EINVAL.number());

        reads(TCP, TCP_CONGESTION, 4).connect(OVER_IPV4);
        assertThat(gotText()).as("cut, with its zero").isEqualTo("cub");
    }

    @ParameterizedTest
    @DisplayName("TCP_BPF_SYN and its like: ENOENT, as no SYN is saved")
    @CsvSource({"1005", "1006", "1007"})
    void savedSyn(int name) {
        reads(TCP, name, 4).connect(OVER_IPV4);

        assertThat(getAnswer()).isEqualTo(-Errno.ENOENT.number());
    }

    @Test
    @DisplayName("O2: a request is no full socket: EINVAL")
    void request() {
        sets(SOCKET, 2, Bytes.u32(1)).reads(SOCKET, 2, 4);
        object = network.load("ops-options", options);
        network.engine().attach(object.program("configure"));

        network.engine().accepted(OVER_IPV4, transport);

        assertThat(setAnswer()).isEqualTo(-Errno.EINVAL.number());
        assertThat(getAnswer()).isEqualTo(-Errno.EINVAL.number());
        assertThat(got()).as("zeros").isZero();
    }

    @Test
    @DisplayName("options are a socket's own")
    void perSocket() {
        var first = sets(SOCKET, 36, Bytes.u32(77)).connect(OVER_IPV4);
        object.variable("set_length").set(0);
        object.variable("set_answer").set(NOT_CALLED);
        var second = network.engine().connected(OVER_IPV6, transport);

        assertThat(first.options().number(SocketOption.SO_MARK)).isEqualTo(77);
        assertThat(second.options().number(SocketOption.SO_MARK)).isZero();
        assertThat(setAnswer()).isEqualTo(NOT_CALLED);
    }
}
