package io.jsockmap.bpf;

import io.jsockmap.bpf.helper.BaseHelpers;
import io.jsockmap.bpf.helper.Kfuncs;
import io.jsockmap.bpf.helper.MapHelpers;
import io.jsockmap.bpf.object.ObjectReader;
import io.jsockmap.bpf.object.ObjectSpec;
import io.jsockmap.bpf.program.ContextLayout;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.ProgramType;

import java.nio.file.Path;

/** What the tests of this module share. */
public final class Fixtures {
    /** The repository. */
    public static final Path ROOT = Path.of(System.getProperty("jsockmap.root", ".."));

    /** A type that knows of nothing but memory. */
    public static final ProgramType PLAIN =
            new ProgramType(
                    "plain",
                    0,
                    ContextLayout.of("nothing", 0).build(),
                    Helper.table(BaseHelpers.ALL, BaseHelpers.TRACING, MapHelpers.ALL),
                    Kfuncs.COMMON);

    private static final Path OBJECTS = ROOT.resolve("bpf/src/test/resources/objects");

    private Fixtures() {}

    /** The path of a committed object, by its name without {@code .bpf.o}. */
    public static Path path(String name) {
        return OBJECTS.resolve(name + ".bpf.o");
    }

    /** A committed object, read. */
    public static ObjectSpec object(String name) {
        return ObjectReader.read(path(name));
    }
}
