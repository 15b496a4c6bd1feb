package io.jsockmap.sockmap.program;

import static io.jsockmap.bpf.program.Helper.Argument.CONTEXT;
import static io.jsockmap.bpf.program.Helper.Argument.CONTEXT_OR_NULL;
import static io.jsockmap.bpf.program.Helper.Argument.NUMBER;
import static io.jsockmap.bpf.program.Helper.Argument.READABLE;
import static io.jsockmap.bpf.program.Helper.Argument.SIZE_OR_ZERO;
import static io.jsockmap.bpf.program.Helper.Argument.SOCKET;
import static io.jsockmap.bpf.program.Helper.Argument.SOCKET_FOR_PROGRAMS;
import static io.jsockmap.sockmap.program.Arguments.u32;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.jsockmap.bpf.program.CallTrait;
import io.jsockmap.bpf.program.ContextLayout;
import io.jsockmap.bpf.program.ContextRegion;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.Helper.Argument;
import io.jsockmap.bpf.program.Helper.Result;
import io.jsockmap.bpf.program.Run;
import io.jsockmap.bpf.program.Structure;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.SkBuff;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SockFields;
import io.jsockmap.sockmap.socket.SocketKind;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Helpers that find sockets, and show them as something else. */
final class SocketHelpers {
    /** BPF_F_CURRENT_NETNS; any negative number means it. */
    private static final int CURRENT_NETNS = -1;

    /** There is one network namespace, so one number. */
    private static final long NETNS_COOKIE = 1;

    private static final int IP4_TUPLE = 12;
    private static final int IP6_TUPLE = 36;

    /** Larger than any of the kernel's socket structures. */
    private static final int OPAQUE_SIZE = 4096;

    /**
     * Rows that need a reference to be released with {@code bpf_sk_release}: bpf_sk_lookup_tcp,
     * bpf_sk_lookup_udp, bpf_skc_lookup_tcp.
     */
    static final List<Helper> LOOKUPS =
            List.of(
                    lookup(84, SocketKind.TCP, SockFields.SOCK),
                    lookup(85, SocketKind.UDP, SockFields.SOCK),
                    lookup(99, SocketKind.TCP, SockFields.SOCK_COMMON));

    /**
     * Rows bpf_skc_to_*. The kernel gives pointers to its own structures, whose fields a program
     * finds by the kernel's BTF; there is none here. So the pointer may be compared and given to
     * helpers that take sockets, but shows nothing; {@code bpf_tcp_sock} does.
     */
    static final List<Helper> CASTS =
            List.of(
                    cast(
                                    136,
                                    "tcp6_sock",
                                    SOCKET,
                                    s -> isTcp(s) && s.addresses().family() == Addresses.INET6)
                            .with(CallTrait.CASTS),
                    cast(137, "tcp_sock", SOCKET, SocketHelpers::isTcp).with(CallTrait.CASTS),
                    cast(138, "tcp_timewait_sock", SOCKET, _ -> false).with(CallTrait.CASTS),
                    cast(139, "tcp_request_sock", SOCKET, _ -> false).with(CallTrait.CASTS),
                    cast(
                                    140,
                                    "udp6_sock",
                                    SOCKET,
                                    s -> isUdp(s) && s.addresses().family() == Addresses.INET6)
                            .with(CallTrait.CASTS),
                    cast(178, "unix_sock", SOCKET, s -> s.kind().isUnix()),
                    cast(196, "mptcp_sock", SOCKET_FOR_PROGRAMS, _ -> false).with(CallTrait.CASTS));

    static final ContextLayout<Sock> TCP_FIELDS =
            ContextLayout.<Sock>of("struct bpf_tcp_sock", 112)
                    .words(0, 20, "snd_cwnd .. sacked_out", (_, _) -> 0)
                    .exact(80, 8, "bytes_received", Sock::bytesReceived)
                    .exact(88, 8, "bytes_acked", Sock::bytesWritten)
                    .words(96, 4, "dsack_dups .. icsk_retransmits", (_, _) -> 0)
                    .build();

    private SocketHelpers() {}

    /** bpf_tcp_sock: {@code struct bpf_tcp_sock} of a TCP socket, else NULL. */
    static List<Helper> tcpSock() {
        return List.of(
                Helper.of(
                                96,
                                (run, a) -> {
                                    var socket = run.context(a[0], Sock.class);
                                    return isTcp(socket)
                                            ? show(run, "tcp socket", TCP_FIELDS, socket)
                                            : 0;
                                },
                                Result.STRUCTURE_OR_NULL,
                                SOCKET_FOR_PROGRAMS)
                        .with(CallTrait.CASTS)
                        .giving(Structure.socket("tcp_sock", TCP_FIELDS)));
    }

    /** bpf_get_netns_cookie. */
    static List<Helper> netnsCookie() {
        return List.of(Helper.of(122, (_, _) -> NETNS_COOKIE, Result.NUMBER, CONTEXT_OR_NULL));
    }

    private static boolean isTcp(Sock socket) {
        return socket.kind() == SocketKind.TCP;
    }

    private static boolean isUdp(Sock socket) {
        return socket.kind() == SocketKind.UDP;
    }

    private static Helper cast(
            int number, String structure, Argument argument, Predicate<Sock> fits) {
        var nothing =
                ContextLayout.<Sock>of("struct " + structure, OPAQUE_SIZE)
                        .hidden(0, OPAQUE_SIZE, "not shown in user space: use bpf_tcp_sock")
                        .build();
        return Helper.of(
                        number,
                        (run, a) -> {
                            if (a[0] == 0) return 0;
                            var socket = run.context(a[0], Sock.class);
                            return fits.test(socket) ? show(run, structure, nothing, socket) : 0;
                        },
                        Result.STRUCTURE_OR_NULL,
                        argument)
                .giving(Structure.internalSocket(structure, nothing));
    }

    private static long show(Run run, String name, ContextLayout<Sock> layout, Sock socket) {
        return run.memory().addressOf(new ContextRegion<>(name, layout, socket));
    }

    private static Helper lookup(int number, SocketKind kind, Structure structure) {
        return Helper.of(
                        number,
                        (run, a) -> lookup(run, a, kind),
                        Result.STRUCTURE_OR_NULL,
                        CONTEXT,
                        READABLE,
                        SIZE_OR_ZERO,
                        NUMBER,
                        NUMBER)
                .with(CallTrait.ACQUIRES, CallTrait.PACKET_ARGUMENTS)
                .giving(structure);
    }

    private static long lookup(Run run, long[] a, SocketKind kind) {
        var caller = run.context(a[0], SkBuff.class).socket();
        var tuple = run.memory().readable(a[1], u32(a[2])).toArray(JAVA_BYTE);
        boolean here = (int) a[3] <= CURRENT_NETNS;
        if (!here || a[4] != 0) return 0;
        return Tuple.of(tuple)
                .flatMap(ends -> caller.find(kind, ends.destination, ends.source))
                .map(socket -> AddressFields.pointer(socket, run.memory()))
                .orElse(0L);
    }

    /** {@code struct bpf_sock_tuple}: the ends of a packet, all in network order. */
    private record Tuple(InetSocketAddress source, InetSocketAddress destination) {
        static Optional<Tuple> of(byte[] bytes) {
            if (bytes.length != IP4_TUPLE && bytes.length != IP6_TUPLE) return Optional.empty();
            int address = (bytes.length - 2 * Short.BYTES) / 2;
            var buffer = ByteBuffer.wrap(bytes);
            var source = take(buffer, address);
            var destination = take(buffer, address);
            // An IPv6 socket with IPv4 ends is not where the kernel looks for an IPv6 tuple.
            boolean whole =
                    source.getAddress().length == address
                            && destination.getAddress().length == address;
            if (!whole) return Optional.empty();
            int sourcePort = Short.toUnsignedInt(buffer.getShort());
            int destinationPort = Short.toUnsignedInt(buffer.getShort());
            return Optional.of(
                    new Tuple(
                            new InetSocketAddress(source, sourcePort),
                            new InetSocketAddress(destination, destinationPort)));
        }

        private static InetAddress take(ByteBuffer buffer, int length) {
            var address = new byte[length];
            buffer.get(address);
            try {
                return InetAddress.getByAddress(address);
            } catch (UnknownHostException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
