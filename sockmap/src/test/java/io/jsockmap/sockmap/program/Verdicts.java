package io.jsockmap.sockmap.program;

import io.jsockmap.bpf.insn.Assembler;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSockMap;
import io.jsockmap.sockmap.network.Connection;

/** Lets a verdict in assembly judge "message" on a socket. */
final class Verdicts {
    private Verdicts() {}

    static void on(Connection connection, String verdict) {
        var map = new UserSockMap(MapDefinition.of("watched", MapType.SOCKMAP, 4, 8, 1));
        var code = Assembler.assemble(verdict);
        map.attach(
                Program.of("verdict", SocketPrograms.SK_SKB, code),
                AttachType.SK_SKB_STREAM_VERDICT);
        map.update(0, connection.socket(), UpdateFlag.ANY);
        connection.peer().sends("message");
    }
}
