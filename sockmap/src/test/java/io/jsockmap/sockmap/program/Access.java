package io.jsockmap.sockmap.program;

import io.jsockmap.bpf.insn.Assembler;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramType;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSockMap;
import io.jsockmap.sockmap.network.Connection;

/** Lets a few instructions look at a message of a socket, and pass it. */
final class Access {
    private Access() {}

    static void on(Connection connection, ProgramType type, String instructions) {
        var code = Assembler.assemble(instructions + "\nr0 = 1\nexit");
        var map = new UserSockMap(MapDefinition.of("watched", MapType.SOCKMAP, 4, 8, 1));
        boolean sends = type.equals(SocketPrograms.SK_MSG);
        map.attach(
                Program.of("access", type, code),
                sends ? AttachType.SK_MSG_VERDICT : AttachType.SK_SKB_STREAM_VERDICT);
        map.update(0, connection.socket(), UpdateFlag.ANY);
        if (sends) connection.sends("message");
        else connection.peer().sends("message");
        map.delete(0);
    }
}
