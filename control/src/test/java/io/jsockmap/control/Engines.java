package io.jsockmap.control;

import io.jsockmap.bpf.interpreter.Interpreter;
import io.jsockmap.sockmap.SockmapEngine;

/** Engines whose programs nobody runs. */
final class Engines {
    private Engines() {}

    static SockmapEngine open() {
        return SockmapEngine.user(SockmapEngine.Settings.DEFAULT.with(new Interpreter()));
    }
}
