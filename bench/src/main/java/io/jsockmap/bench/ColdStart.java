package io.jsockmap.bench;

import io.jsockmap.bpf.interpreter.Interpreter;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.bpf.object.ObjectReader;
import io.jsockmap.bpf.verifier.Options;
import io.jsockmap.bpf.verifier.Verifier;
import io.jsockmap.sockmap.UserEngine;

import java.nio.file.Path;

/** The first thing that a fresh JVM does: loads an object and verifies its programs. */
final class ColdStart {
    private ColdStart() {}

    /** Prints nanoseconds until it was verified, and how many of them the verifier took. */
    static void main(String[] files) {
        // Nothing is run, so nothing is to be compiled meanwhile.
        var settings = UserEngine.Settings.DEFAULT.with(new Interpreter());
        for (var file : files) {
            long start = System.nanoTime();
            var engine = UserEngine.open(settings);
            var spec = ObjectReader.read(Path.of(file));
            var object = engine.load(spec, LoadOptions.DEFAULT.unverified());
            long loaded = System.nanoTime();
            for (var program : object.programs().values()) {
                Verifier.verify(program, Options.DEFAULT).accepted();
            }
            long verified = System.nanoTime();
            IO.println((verified - start) + " " + (verified - loaded));
            engine.close();
        }
    }
}
