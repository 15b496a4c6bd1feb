package io.jsockmap.conformance.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.conformance.lab.EngineTest;
import io.jsockmap.conformance.lab.Lab;
import io.jsockmap.conformance.lab.Stream;
import io.jsockmap.sockmap.SockmapObject;
import io.jsockmap.sockmap.socket.SocketOption;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** bpf_setsockopt and bpf_getsockopt, when a connection that was asked for is there. */
@EngineTest
class OptionsTest {
    private static final int TCP = 6;
    private static final int TCP_CONGESTION = 13;

    private static byte[] number(int value) {
        var buffer = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder());
        return buffer.putInt(value).array();
    }

    private static LoadOptions setting(int level, int name, byte[] value) {
        return LoadOptions.DEFAULT
                .withVariable("set_level", level)
                .withVariable("set_name", name)
                .withVariable("set_length", value.length)
                .withVariable("set_value", value);
    }

    private static LoadOptions reading(LoadOptions options, int level, int name, int length) {
        return options.withVariable("get_level", level)
                .withVariable("get_name", name)
                .withVariable("get_length", length);
    }

    /** Opens a connection with those options, and gives what the program left. */
    private static SockmapObject connect(LoadOptions options, Lab lab) throws Exception {
        var object = lab.load("ops-options", options);
        try (var _ = lab.engine().attach(object.program("configure"))) {
            lab.connectedTcp();
        }
        return object;
    }

    private static int got(SockmapObject object) {
        var bytes = object.variable("got").bytes();
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getInt();
    }

    @ParameterizedTest
    @CsvSource({
        "SO_KEEPALIVE, 0",
        "SO_REUSEPORT, 0",
        "SO_RCVLOWAT, 1",
        "SO_MARK, 0",
        "TCP_NODELAY, 0",
        "TCP_KEEPIDLE, 7200",
        "TCP_KEEPINTVL, 75",
        "TCP_KEEPCNT, 9",
        "TCP_USER_TIMEOUT, 0",
        "IP_TOS, 0"
    })
    @DisplayName("H1: an option that nobody has set reads as its default")
    void defaults(SocketOption option, int expected, Lab lab) throws Exception {
        int level = option.level().number();

        var object = connect(reading(LoadOptions.DEFAULT, level, option.number(), 4), lab);

        assertThat(object.variable("get_answer").value()).isZero();
        assertThat(got(object)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "SO_KEEPALIVE, 5, 1",
        "SO_PRIORITY, 6, 6",
        "SO_RCVLOWAT, 0, 1",
        "SO_MARK, 77, 77",
        "SO_SNDBUF, 50000, 100000",
        "TCP_NODELAY, 2, 1",
        "TCP_KEEPIDLE, 32767, 32767",
        "TCP_KEEPCNT, 127, 127",
        "TCP_USER_TIMEOUT, 1500, 1500",
        "IP_TOS, 511, 252"
    })
    @DisplayName("H1: what is set reads as the kernel keeps it")
    void setAndRead(SocketOption option, int wanted, int expected, Lab lab) throws Exception {
        int level = option.level().number();
        var options = setting(level, option.number(), number(wanted));

        var object = connect(reading(options, level, option.number(), 4), lab);

        assertThat(object.variable("set_answer").value()).isZero();
        assertThat(object.variable("get_answer").value()).isZero();
        assertThat(got(object)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "TCP_KEEPIDLE, 0",
        "TCP_KEEPIDLE, 32768",
        "TCP_KEEPCNT, 128",
        "TCP_KEEPINTVL, 0",
        "TCP_SYNCNT, 0",
        "TCP_USER_TIMEOUT, -1"
    })
    @DisplayName("H1: a value out of range gives EINVAL")
    void outOfRange(SocketOption option, int value, Lab lab) throws Exception {
        var options = setting(option.level().number(), option.number(), number(value));

        var object = connect(options, lab);

        assertThat(object.variable("set_answer").value()).isEqualTo(-Errno.EINVAL.number());
    }

    @ParameterizedTest
    @CsvSource({"1, 999", "6, 999", "17, 1"})
    @DisplayName("H1: no such level or option: EINVAL, and zeros for a read")
    void unknown(int level, int name, Lab lab) throws Exception {
        var options = setting(level, name, number(1)).withVariable("got", -1L);

        var object = connect(reading(options, level, name, 4), lab);

        assertThat(object.variable("set_answer").value()).isEqualTo(-Errno.EINVAL.number());
        assertThat(object.variable("get_answer").value()).isEqualTo(-Errno.EINVAL.number());
        assertThat(got(object)).isZero();
    }

    @Test
    @DisplayName("H1: TCP_CONGESTION is a text")
    void congestion(Lab lab) throws Exception {
        var options = setting(TCP, TCP_CONGESTION, Stream.bytes("reno"));

        var object = connect(reading(options, TCP, TCP_CONGESTION, 16), lab);

        assertThat(object.variable("set_answer").value()).isZero();
        assertThat(object.variable("got").bytes()).startsWith(Stream.bytes("reno\0"));
    }

    @Test
    @DisplayName("H1: TCP_CONGESTION gives ENOENT for a name that nobody knows")
    void unknownCongestion(Lab lab) throws Exception {
        var object = connect(setting(TCP, TCP_CONGESTION, Stream.bytes("nosuch")), lab);

        assertThat(object.variable("set_answer").value()).isEqualTo(-Errno.ENOENT.number());
    }

    @Test
    @DisplayName("H1: header options can't be stored or reserved outside of their callbacks: EPERM")
    void headerOptions(Lab lab) throws Exception {
        var object = connect(LoadOptions.DEFAULT, lab);

        assertThat(object.variable("store_answer").value()).isEqualTo(-Errno.EPERM.number());
        assertThat(object.variable("reserve_answer").value()).isEqualTo(-Errno.EPERM.number());
    }

    @Test
    @DisplayName("H1: bpf_get_netns_cookie gives one number for all connections")
    void netnsCookie(Lab lab) throws Exception {
        long first = connect(LoadOptions.DEFAULT, lab).variable("netns").value();
        long second = connect(LoadOptions.DEFAULT, lab).variable("netns").value();

        assertThat(first).isNotZero().isEqualTo(second);
    }
}
