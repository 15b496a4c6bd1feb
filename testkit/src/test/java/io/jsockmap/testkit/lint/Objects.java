package io.jsockmap.testkit.lint;

import io.jsockmap.bpf.interpreter.Interpreter;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.bpf.object.ObjectReader;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.UserObject;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The objects that tests look at. */
final class Objects {
    private static final Path ROOT = Path.of(System.getProperty("jsockmap.root", ".."));

    static final Path FIXTURES = ROOT.resolve("testkit/src/test/resources/lint");
    static final Path EXAMPLES = ROOT.resolve("examples");
    static final Path PROGRAMS = ROOT.resolve("sockmap/src/test/resources/programs");

    private Objects() {}

    /** All objects below a folder, in the order of their names. */
    static List<Path> below(Path folder) throws Exception {
        try (var files = Files.walk(folder)) {
            return files.filter(f -> f.toString().endsWith(".bpf.o")).sorted().toList();
        }
    }

    static String nameOf(Path object) {
        return object.getFileName().toString().replace(".bpf.o", "");
    }

    static List<Finding> findings(Path object) {
        try (var engine = engine();
                var loaded = load(engine, object)) {
            return Lint.of(loaded);
        }
    }

    /** An engine that runs nothing. */
    static UserEngine engine() {
        return UserEngine.open(UserEngine.Settings.DEFAULT.with(new Interpreter()));
    }

    static UserObject load(UserEngine engine, Path object) {
        return engine.load(ObjectReader.read(object), LoadOptions.DEFAULT.unverified());
    }
}
