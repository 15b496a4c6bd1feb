package io.jsockmap.control;

import io.jsockmap.bpf.interpreter.Interpreter;
import io.jsockmap.sockmap.UserEngine;

/** Engines whose programs nobody runs. */
final class Engines {
    private Engines() {}

    static UserEngine open() {
        return UserEngine.open(UserEngine.Settings.DEFAULT.with(new Interpreter()));
    }
}
