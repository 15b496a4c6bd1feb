package io.jsockmap.testkit;

import java.nio.file.Path;

/** Where the programs are that tests play with. */
public final class Programs {
    private static final Path ROOT = Path.of(System.getProperty("jsockmap.root", ".."));

    private Programs() {}

    /** One of this module. */
    public static Path own(String name) {
        return ROOT.resolve("testkit/src/test/resources/programs").resolve(name + ".bpf.o");
    }

    /** One of the module that has the maps. */
    public static Path ofSockmap(String name) {
        return ROOT.resolve("sockmap/src/test/resources/programs").resolve(name + ".bpf.o");
    }

    public static Path example(String name) {
        return ROOT.resolve("examples").resolve(name).resolve(name + ".bpf.o");
    }
}
