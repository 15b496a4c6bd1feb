package io.jsockmap.bpf.helper;

import io.jsockmap.bpf.Engines;
import io.jsockmap.bpf.Fixtures;
import io.jsockmap.bpf.map.MapKinds;
import io.jsockmap.bpf.memory.ByteRegion;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.bpf.object.LoadedObject;
import io.jsockmap.bpf.object.ObjectLoader;
import io.jsockmap.bpf.object.PinnedMaps;
import io.jsockmap.bpf.program.Environment;

import java.util.Optional;

/** A committed object of plain programs, loaded, and where its programs run. */
record Compiled(LoadedObject object, Environment environment) {

    static Compiled of(String name, Environment environment) {
        return of(name, LoadOptions.DEFAULT, environment);
    }

    static Compiled of(String name, LoadOptions options, Environment environment) {
        var loader =
                new ObjectLoader(
                        MapKinds.plain(), _ -> Optional.of(Fixtures.PLAIN), new PinnedMaps());
        return new Compiled(loader.load(Fixtures.object(name), options), environment);
    }

    /** What a program returns, on no context; an int of C. */
    int run(String program) {
        var context = ByteRegion.allocate("context", 0);
        return (int) Engines.tested().run(object.program(program), environment, context).value();
    }
}
