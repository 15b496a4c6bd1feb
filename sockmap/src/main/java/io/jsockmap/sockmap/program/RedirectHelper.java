package io.jsockmap.sockmap.program;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.memory.MemoryFault;
import io.jsockmap.bpf.program.Run;
import io.jsockmap.sockmap.map.SockHash;
import io.jsockmap.sockmap.map.SockMap;
import io.jsockmap.sockmap.map.SocketMap;
import io.jsockmap.sockmap.socket.Redirect;
import io.jsockmap.sockmap.socket.TcpState;

import java.util.Optional;

/** What the redirect helpers of all program types have in common. */
final class RedirectHelper {
    static final long SK_DROP = 0;
    static final long SK_PASS = 1;

    private static final long BPF_F_INGRESS = 1;

    private RedirectHelper() {}

    /** The choice that a helper records, or empty where it returns SK_DROP. */
    static Optional<Redirect> choose(SocketMap map, byte[] key, long flags) {
        if ((flags & ~BPF_F_INGRESS) != 0) return Optional.empty();
        return map.socket(key)
                .filter(target -> target.state() != TcpState.LISTEN)
                .map(target -> new Redirect(target, flags == BPF_F_INGRESS));
    }

    static SockMap sockMap(Run run, long address) {
        return expect(run.map(address), SockMap.class, "sockmap");
    }

    static SockHash sockHash(Run run, long address) {
        return expect(run.map(address), SockHash.class, "sockhash");
    }

    private static <M> M expect(BpfMap map, Class<M> kind, String name) {
        if (kind.isInstance(map)) return kind.cast(map);
        throw new MemoryFault("map " + map, 0, 0, "is not a " + name);
    }

    static byte[] key(Run run, BpfMap map, long address) {
        return run.memory().readable(address, map.keySize()).toArray(JAVA_BYTE);
    }
}
