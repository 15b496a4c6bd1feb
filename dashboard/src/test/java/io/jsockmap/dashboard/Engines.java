package io.jsockmap.dashboard;

import io.jsockmap.bpf.compiler.CompilingMachine;
import io.jsockmap.bpf.interpreter.Interpreter;
import io.jsockmap.bpf.program.Machine;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.socket.Limits;
import io.jsockmap.sockmap.socket.SockListener;

/** What tests run programs on: the engine that the property {@code jsockmap.engine} names. */
final class Engines {
    private Engines() {}

    /** Queues are soon full, so that tests of full ones are soon done. */
    private static final Limits LIMITS = new Limits(20_000, 20_000);

    /** An engine with a listener. */
    static UserEngine open(SockListener listener) {
        return UserEngine.open(
                UserEngine.Settings.DEFAULT.with(tested()).with(LIMITS).with(listener));
    }

    private static Machine tested() {
        var name = System.getProperty("jsockmap.engine", "interpreter");
        return switch (name) {
            case "interpreter" -> new Interpreter();
            case "compiled" -> CompilingMachine.atOnce(Interpreter.DEFAULT_LIMIT);
            default -> throw new IllegalStateException("no engine is called " + name);
        };
    }
}
