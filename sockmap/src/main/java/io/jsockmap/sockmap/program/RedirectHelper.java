package io.jsockmap.sockmap.program;

import static io.jsockmap.bpf.program.Helper.Argument.CONTEXT;
import static io.jsockmap.bpf.program.Helper.Argument.KEY;
import static io.jsockmap.bpf.program.Helper.Argument.MAP;
import static io.jsockmap.bpf.program.Helper.Argument.NUMBER;

import io.jsockmap.bpf.map.IndexKey;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.Helper.Result;
import io.jsockmap.sockmap.map.UserSocketMap;
import io.jsockmap.sockmap.socket.Message;
import io.jsockmap.sockmap.socket.Redirect;
import io.jsockmap.sockmap.socket.SkBuff;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SocketKind;

import java.util.Optional;

/** What the redirect helpers of all program types have in common. */
final class RedirectHelper {
    private static final long SK_DROP = 0;
    private static final long SK_PASS = 1;

    private static final long BPF_F_INGRESS = 1;

    private RedirectHelper() {}

    /** A row of a helper table: redirects to the socket at an index of a SOCKMAP. */
    static Helper byIndex(int number, Class<? extends Message> kind) {
        return Helper.of(
                number,
                (run, a) ->
                        redirect(
                                run.context(a[0], kind),
                                Arguments.sockMap(run, a[1]),
                                IndexKey.of(a[2]),
                                a[3]),
                Result.NUMBER,
                CONTEXT,
                MAP,
                NUMBER,
                NUMBER);
    }

    /** A row of a helper table: redirects to the socket of a key of a SOCKHASH. */
    static Helper byKey(int number, Class<? extends Message> kind) {
        return Helper.of(
                number,
                (run, a) -> {
                    var map = Arguments.sockHash(run, a[1]);
                    return redirect(
                            run.context(a[0], kind), map, Arguments.key(run, map, a[2]), a[3]);
                },
                Result.NUMBER,
                CONTEXT,
                MAP,
                KEY,
                NUMBER);
    }

    private static long redirect(Message message, UserSocketMap map, byte[] key, long flags) {
        var chosen = choose(message, map, key, flags);
        // A failed call records nothing: an earlier choice of this run stands.
        chosen.ifPresent(message::redirectTo);
        return chosen.isPresent() ? SK_PASS : SK_DROP;
    }

    /** The choice that a helper records, or empty where it returns SK_DROP. */
    private static Optional<Redirect> choose(
            Message message, UserSocketMap map, byte[] key, long flags) {
        if ((flags & ~BPF_F_INGRESS) != 0) return Optional.empty();
        return map.socket(key)
                .filter(target -> takes(message, target, flags == BPF_F_INGRESS))
                .map(target -> new Redirect(target, flags == BPF_F_INGRESS, map.whenFull()));
    }

    /** The matrix of kinds: what the kernel's helpers let through. */
    private static boolean takes(Message message, Sock target, boolean ingress) {
        if (!target.isConnected()) return false;
        if (ingress) return !target.kind().isVsock();
        return message instanceof SkBuff || target.kind() == SocketKind.TCP;
    }
}
