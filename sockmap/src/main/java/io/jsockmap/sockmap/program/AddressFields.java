package io.jsockmap.sockmap.program;

import io.jsockmap.bpf.memory.Memory;
import io.jsockmap.bpf.program.ContextLayout;
import io.jsockmap.bpf.program.Loads;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Sock;

import java.util.function.Function;

/** The fields that tell both ends of a connection: in each context at another place, but alike. */
final class AddressFields {
    private AddressFields() {}

    /** Adds the fields; the first of them, the family, lies at the offset. */
    static <C> ContextLayout.Builder<C> add(
            ContextLayout.Builder<C> fields, int offset, Function<C, Sock> socket) {
        return add(fields, offset, socket, Loads.EXACT);
    }

    /** The same with such loads of family and ports. */
    static <C> ContextLayout.Builder<C> add(
            ContextLayout.Builder<C> fields, int offset, Function<C, Sock> socket, Loads loads) {
        Function<C, Addresses> ends = context -> socket.apply(context).addresses();
        return fields.field(offset, 4, "family", loads, (c, _) -> ends.apply(c).family(), null)
                .exact(offset + 4, 4, "remote_ip4", c -> ends.apply(c).remoteIp4())
                .exact(offset + 8, 4, "local_ip4", c -> ends.apply(c).localIp4())
                .words(offset + 12, 4, "remote_ip6", (c, w) -> ends.apply(c).remoteIp6(w))
                .words(offset + 28, 4, "local_ip6", (c, w) -> ends.apply(c).localIp6(w))
                .field(
                        offset + 44,
                        4,
                        "remote_port",
                        loads,
                        (c, _) -> ends.apply(c).remotePort(),
                        null)
                .field(
                        offset + 48,
                        4,
                        "local_port",
                        loads,
                        (c, _) -> ends.apply(c).localPort(),
                        null);
    }

    /** The address of a socket's {@code struct bpf_sock}. */
    static long pointer(Sock socket, Memory memory) {
        return memory.addressOf(socket.region());
    }
}
