package io.jsockmap.conformance.lab;

import io.jsockmap.bpf.compiler.CompilingMachine;
import io.jsockmap.bpf.interpreter.Interpreter;
import io.jsockmap.kernel.KernelVerifier;
import io.jsockmap.kernel.engine.KernelEngine;
import io.jsockmap.sockmap.SockmapEngine;
import io.jsockmap.sockmap.UserEngine;

import java.util.Arrays;
import java.util.List;

/** The engines that scenarios run on. */
enum TestedEngine {
    INTERPRETER("user/interpreter") {
        @Override
        SockmapEngine open() {
            return UserEngine.open(UserEngine.Settings.DEFAULT.with(new Interpreter()));
        }
    },
    COMPILED("user/compiled") {
        @Override
        SockmapEngine open() {
            return UserEngine.open(
                    UserEngine.Settings.DEFAULT.with(
                            CompilingMachine.atOnce(Interpreter.DEFAULT_LIMIT)));
        }
    },
    KERNEL("kernel") {
        @Override
        SockmapEngine open() {
            return KernelEngine.open();
        }

        @Override
        String whyNot() {
            return KernelVerifier.availability().reason();
        }
    };

    private final String text;

    TestedEngine(String text) {
        this.text = text;
    }

    abstract SockmapEngine open();

    /** Why it can't be had on this machine; empty if it can. */
    String whyNot() {
        return "";
    }

    /** All, or the one that {@code jsockmap.conformance} names. */
    static List<TestedEngine> chosen() {
        var only = System.getProperty("jsockmap.conformance", "");
        return Arrays.stream(values()).filter(e -> only.isEmpty() || e.text.equals(only)).toList();
    }

    @Override
    public String toString() {
        return text;
    }
}
