package io.jsockmap.sockmap.socket;

import io.jsockmap.bpf.Errno;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The options of a socket as programs set and read them. A value that is set is kept, and offered
 * to the {@link Transport}; whether that makes use of it does not change what is read. The errno
 * are those of {@code bpf_setsockopt} and {@code bpf_getsockopt}, negative.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.TransportExamples" region="options"}
 */
public final class SocketOptions {
    private static final int TCP_CONGESTION = 13;
    private static final int TCP_BPF_SYN = 1005;
    private static final int TCP_BPF_SYN_MAC = 1007;

    /** TCP_CA_NAME_MAX, with the zero at its end. */
    private static final int LONGEST_NAME = 16;

    /** The congestion controls that Linux is built with, as a rule. */
    private static final Set<String> CONGESTION_CONTROLS = Set.of("cubic", "reno", "bbr", "dctcp");

    private final Sock socket;

    /** Replaced as a whole: few sockets have any. */
    private volatile Map<SocketOption, Integer> values = Map.of();

    /** Its name (TCP_CONGESTION). */
    private volatile String congestionControl = "cubic";

    SocketOptions(Sock socket) {
        this.socket = socket;
    }

    /** The value of an option: what was set, or the default. */
    public int number(SocketOption option) {
        return switch (option) {
            case SO_SNDBUF -> values.getOrDefault(option, socket.limits().sendBytes());
            case SO_RCVBUF -> values.getOrDefault(option, socket.limits().receiveBytes());
            case TCP_BPF_SOCK_OPS_CB_FLAGS -> socket.callbackFlags();
            default -> values.getOrDefault(option, option.initial());
        };
    }

    /**
     * {@code bpf_setsockopt}: 0; EINVAL for an option that there is not, that does not fit the
     * socket, or a value of another size or out of range; ENOENT for a congestion control that is
     * not known.
     */
    public long set(int level, int number, byte[] value) {
        if (isCongestion(level, number)) return setCongestion(value);
        var option = fitting(level, number);
        if (option.isEmpty() || value.length != Integer.BYTES) return Errno.EINVAL.negative();
        int wanted = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getInt();
        if (!option.get().allows(wanted)) return Errno.EINVAL.negative();
        store(option.get(), wanted);
        return 0;
    }

    private void store(SocketOption option, int wanted) {
        if (option == SocketOption.TCP_BPF_SOCK_OPS_CB_FLAGS) {
            socket.setCallbackFlags(wanted);
            return;
        }
        synchronized (this) {
            var more = new EnumMap<SocketOption, Integer>(SocketOption.class);
            more.putAll(values);
            more.put(option, option.normalized(wanted));
            values = more;
        }
        socket.transport().setOption(option, wanted);
    }

    /**
     * {@code bpf_getsockopt}: 0 and the value; EINVAL as for set, ENOENT for a SYN that was not
     * saved, and zeros.
     *
     * @param value is filled
     */
    public long get(int level, int number, byte[] value) {
        Arrays.fill(value, (byte) 0);
        if (isCongestion(level, number)) return getCongestion(value);
        // What the kernel's TCP received before user space heard of the connection.
        boolean syn = number >= TCP_BPF_SYN && number <= TCP_BPF_SYN_MAC;
        if (level == SocketOption.Level.TCP.number() && syn) return Errno.ENOENT.negative();
        var option = fitting(level, number).filter(SocketOption::isReadable);
        if (option.isEmpty() || value.length != Integer.BYTES) return Errno.EINVAL.negative();
        ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).putInt(number(option.get()));
        return 0;
    }

    private Optional<SocketOption> fitting(int level, int number) {
        return SocketOption.of(level, number)
                .filter(option -> option.level().fits(socket.addresses()));
    }

    private boolean isCongestion(int level, int number) {
        return level == SocketOption.Level.TCP.number()
                && number == TCP_CONGESTION
                && socket.kind() == SocketKind.TCP;
    }

    private long setCongestion(byte[] value) {
        if (value.length < 2) return Errno.EINVAL.negative();
        int length = 0;
        int most = Math.min(value.length, LONGEST_NAME - 1);
        while (length < most && value[length] != 0) length++;
        var name = new String(value, 0, length, StandardCharsets.ISO_8859_1);
        if (!CONGESTION_CONTROLS.contains(name)) return Errno.ENOENT.negative();
        congestionControl = name;
        return 0;
    }

    /** The name is cut where there is no room, and always ends in a zero. */
    private long getCongestion(byte[] value) {
        if (value.length < 2) return Errno.EINVAL.negative();
        var name = congestionControl.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(name, 0, value, 0, Math.min(name.length, value.length - 1));
        return 0;
    }
}
