package io.jsockmap.sockmap.socket;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * The options of sockets whose values are numbers, as programs know them (socket(7), tcp(7), ip(7),
 * ipv6(7)). One table: number, default, range, and how the kernel keeps a value.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.TransportExamples" region="options"}
 */
public enum SocketOption {
    SO_REUSEADDR(Level.SOCKET, 2, 0, Range.ANY, Kept.FLAG),
    SO_SNDBUF(Level.SOCKET, 7, 0, Range.ANY, Kept.of(v -> doubled(v, 4608))),
    SO_RCVBUF(Level.SOCKET, 8, 0, Range.ANY, Kept.of(v -> doubled(v, 2304))),
    SO_KEEPALIVE(Level.SOCKET, 9, 0, Range.ANY, Kept.FLAG),
    SO_PRIORITY(Level.SOCKET, 12, 0, Range.ANY, Kept.AS_IS),
    SO_REUSEPORT(Level.SOCKET, 15, 0, Range.ANY, Kept.FLAG),
    SO_RCVLOWAT(Level.SOCKET, 18, 1, Range.ANY, Kept.of(SocketOption::lowWater)),
    SO_MARK(Level.SOCKET, 36, 0, Range.ANY, Kept.AS_IS),
    SO_MAX_PACING_RATE(Level.SOCKET, 47, -1, Range.ANY, Kept.AS_IS),
    SO_TXREHASH(Level.SOCKET, 74, 1, Range.of(-1, 1), Kept.of(v -> v == -1 ? 1 : v)),

    TCP_NODELAY(Level.TCP, 1, 0, Range.ANY, Kept.FLAG),
    TCP_MAXSEG(Level.TCP, 2, 536, Range.of(88, 32767).orZero(), Kept.AS_IS),
    TCP_KEEPIDLE(Level.TCP, 4, 7200, Range.of(1, 32767), Kept.AS_IS),
    TCP_KEEPINTVL(Level.TCP, 5, 75, Range.of(1, 32767), Kept.AS_IS),
    TCP_KEEPCNT(Level.TCP, 6, 9, Range.of(1, 127), Kept.AS_IS),
    TCP_SYNCNT(Level.TCP, 7, 6, Range.of(1, 127), Kept.AS_IS),
    TCP_WINDOW_CLAMP(Level.TCP, 10, 0, Range.of(1, Integer.MAX_VALUE), Kept.AS_IS),
    TCP_THIN_LINEAR_TIMEOUTS(Level.TCP, 16, 0, Range.of(0, 1), Kept.AS_IS),
    TCP_USER_TIMEOUT(Level.TCP, 18, 0, Range.of(0, Integer.MAX_VALUE), Kept.AS_IS),
    TCP_NOTSENT_LOWAT(Level.TCP, 25, 0, Range.ANY, Kept.AS_IS),
    TCP_SAVE_SYN(Level.TCP, 27, 0, Range.of(0, 2), Kept.AS_IS),
    TCP_RTO_MAX_MS(Level.TCP, 44, 120_000, Range.of(1000, 120_000), Kept.AS_IS),
    /** Can be set only. */
    TCP_BPF_IW(Level.TCP, 1001, 0, Range.of(1, Integer.MAX_VALUE), Kept.NOT_READABLE),
    /** Can be set only. */
    TCP_BPF_SNDCWND_CLAMP(Level.TCP, 1002, 0, Range.of(1, Integer.MAX_VALUE), Kept.NOT_READABLE),
    TCP_BPF_DELACK_MAX(Level.TCP, 1003, 200_000, Range.of(1, 200_000), Kept.AS_IS),
    TCP_BPF_RTO_MIN(Level.TCP, 1004, 200_000, Range.of(1, 200_000), Kept.AS_IS),
    /** The callbacks that are asked for, as by {@code bpf_sock_ops_cb_flags_set}. */
    TCP_BPF_SOCK_OPS_CB_FLAGS(Level.TCP, 1008, 0, Range.of(0, 127), Kept.AS_IS),

    /** The two low bits belong to ECN, and streams keep them. */
    IP_TOS(Level.IP, 1, 0, Range.ANY, Kept.of(v -> v & 0xfc)),
    IPV6_TCLASS(Level.IPV6, 67, 0, Range.of(-1, 255), Kept.of(v -> v == -1 ? 0 : v & 0xfc)),
    IPV6_AUTOFLOWLABEL(Level.IPV6, 70, 1, Range.ANY, Kept.FLAG);

    /** What net.core.rmem_max and wmem_max are by default. */
    private static final int LARGEST_BUFFER = 212_992;

    private final Level level;
    private final int number;
    private final int initial;
    private final Range range;
    private final Kept kept;

    SocketOption(Level level, int number, int initial, Range range, Kept kept) {
        this.level = level;
        this.number = number;
        this.initial = initial;
        this.range = range;
        this.kept = kept;
    }

    /** Which part of the kernel an option belongs to. */
    public enum Level {
        /** SOL_SOCKET. */
        SOCKET(1),
        /** SOL_TCP: TCP sockets only. */
        TCP(6),
        /** SOL_IP: sockets of AF_INET only. */
        IP(0),
        /** SOL_IPV6: sockets of AF_INET6 only. */
        IPV6(41);

        private final int number;

        Level(int number) {
            this.number = number;
        }

        public int number() {
            return number;
        }

        /** Whether sockets of these addresses have its options. */
        boolean fits(Addresses addresses) {
            return switch (this) {
                case SOCKET -> true;
                case TCP -> addresses.kind() == SocketKind.TCP;
                case IP -> addresses.family() == Addresses.INET;
                case IPV6 -> addresses.family() == Addresses.INET6;
            };
        }
    }

    private record Range(int least, int most, boolean zero) {
        static final Range ANY = of(Integer.MIN_VALUE, Integer.MAX_VALUE);

        static Range of(int least, int most) {
            return new Range(least, most, false);
        }

        Range orZero() {
            return new Range(least, most, true);
        }

        boolean contains(int value) {
            return value >= least && value <= most || zero && value == 0;
        }
    }

    private record Kept(boolean readable, IntUnaryOperator normalize) {
        static final Kept AS_IS = of(v -> v);
        static final Kept FLAG = of(v -> v == 0 ? 0 : 1);
        static final Kept NOT_READABLE = new Kept(false, v -> v);

        static Kept of(IntUnaryOperator normalize) {
            return new Kept(true, normalize);
        }
    }

    /** The kernel doubles the size of a buffer, for what it keeps beside the bytes. */
    private static int doubled(int size, int least) {
        boolean large = Integer.compareUnsigned(size, LARGEST_BUFFER) > 0;
        return Math.max((large ? LARGEST_BUFFER : size) * 2, least);
    }

    private static int lowWater(int value) {
        if (value < 0) return Integer.MAX_VALUE;
        return Math.max(value, 1);
    }

    public Level level() {
        return level;
    }

    /** The kernel's number of it within its level. */
    public int number() {
        return number;
    }

    /** What it is as long as nobody sets it. */
    int initial() {
        return initial;
    }

    boolean allows(int value) {
        return range.contains(value);
    }

    boolean isReadable() {
        return kept.readable;
    }

    /** What is read after a value was set. */
    int normalized(int value) {
        return kept.normalize.applyAsInt(value);
    }

    static Optional<SocketOption> of(int level, int number) {
        return Arrays.stream(values())
                .filter(option -> option.level.number == level && option.number == number)
                .findFirst();
    }
}
