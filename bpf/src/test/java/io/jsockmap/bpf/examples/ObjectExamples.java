package io.jsockmap.bpf.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jsockmap.bpf.Engines;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.Fixtures;
import io.jsockmap.bpf.MalformedObjectException;
import io.jsockmap.bpf.core.TargetTypes;
import io.jsockmap.bpf.map.MapKinds;
import io.jsockmap.bpf.object.DataSpec;
import io.jsockmap.bpf.object.FunctionSpec;
import io.jsockmap.bpf.object.Host;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.bpf.object.LoadedObject;
import io.jsockmap.bpf.object.MapSpec;
import io.jsockmap.bpf.object.ObjectLoader;
import io.jsockmap.bpf.object.ObjectReader;
import io.jsockmap.bpf.object.ObjectSpec;
import io.jsockmap.bpf.object.PinnedMaps;
import io.jsockmap.bpf.object.ProgramSpec;
import io.jsockmap.bpf.object.Reference;
import io.jsockmap.bpf.object.Variable;
import io.jsockmap.bpf.object.VariableSpec;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.Machine;
import io.jsockmap.bpf.program.Program;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** How an object file is read, and made into maps and programs. */
class ObjectExamples {
    private final Machine machine = Engines.tested();
    private final ObjectLoader loader =
            new ObjectLoader(MapKinds.plain(), _ -> Optional.of(Message.TYPE), new PinnedMaps());

    private long run(Program program) {
        var message = new Message(0, 0);
        return machine.run(program, Environment.system(), message.context()).value();
    }

    @Test
    void anObjectFileIsReadBeforeItIsLoaded() {
        Path file = Fixtures.path("overrides");
        // @start region="read"
        ObjectSpec object = ObjectReader.read(file);

        assertThat(object.license()).hasValue("Apache-2.0");
        assertThat(object.programs()).extracting(ProgramSpec::section).containsExactly("socket");
        assertThat(object.maps()).extracting(MapSpec::name).contains("table", "answers");
        // Global variables lie in sections, which become maps.
        assertThat(object.data()).extracting(DataSpec::name).contains(".data", ".rodata");
        assertThat(object.variables()).extracting(VariableSpec::name).contains("tuning", "word");
        // @end
    }

    @Test
    void aDamagedFileSaysWhereItIsDamaged() throws IOException {
        byte[] file = Files.readAllBytes(Fixtures.path("overrides"));
        byte[] half = Arrays.copyOf(file, file.length / 2);
        // @start region="damaged"
        MalformedObjectException damaged =
                catchThrowableOfType(
                        MalformedObjectException.class,
                        () -> ObjectReader.read("half.bpf.o", half));

        assertThat(damaged.errno()).isEqualTo(Errno.ENOEXEC);
        assertThat(damaged)
                .hasMessageContaining("half.bpf.o: section " + damaged.section())
                .hasMessageContaining("offset " + damaged.offset());
        // @end
    }

    @Test
    void anObjectIsLoadedWithOtherNumbersThanItsFileHas() {
        ObjectSpec object = Fixtures.object("overrides");
        // @start region="load"
        ObjectLoader loader =
                new ObjectLoader(
                        MapKinds.plain(), _ -> Optional.of(Message.TYPE), new PinnedMaps());
        LoadOptions options =
                LoadOptions.DEFAULT.withMaxEntries("table", 8).withVariable("word", 42);

        LoadedObject loaded = loader.load(object, options);

        Program tell = loaded.program("tell");
        assertThat(loaded.map("table").maxEntries()).isEqualTo(8);
        // @end
        assertThat(run(tell)).isEqualTo(8);
    }

    @Test
    void aVariableIsReadAndSetWhileProgramsRun() {
        var loaded = loader.load(Fixtures.object("globals"), LoadOptions.DEFAULT);
        var touch = loaded.program("touch");
        run(touch);
        // @start region="variable"
        Variable hits = loaded.variable("hits");
        assertThat(hits.value()).isEqualTo(1);

        hits.set(100);
        // @end
        assertThat(run(touch)).isEqualTo(0xffff_ffffL);
        assertThat(hits.value()).isEqualTo(101);
    }

    @Test
    void objectsShareTheMapsThatArePinned() {
        var object = Fixtures.object("btf-maps");
        // @start region="pinned"
        PinnedMaps pinned = new PinnedMaps();
        ObjectLoader loader =
                new ObjectLoader(MapKinds.plain(), _ -> Optional.of(Message.TYPE), pinned);

        LoadedObject first = loader.load(object, LoadOptions.DEFAULT);
        LoadedObject second = loader.load(object, LoadOptions.DEFAULT);

        assertThat(second.map("pinned_counter")).isSameAs(first.map("pinned_counter"));
        assertThat(second.map("flows")).isNotSameAs(first.map("flows"));
        // @end
    }

    @Test
    void programsMeetTheReleaseThatTheirHostSays() {
        Host host = Host.here(MapKinds.plain(), TargetTypes.NONE);
        var externs = Fixtures.object("externs");
        // @start region="host"
        Host older = new Host(host.kinds(), host.types(), Host.version(5, 15, 0), host.admission());
        ObjectLoader loader =
                new ObjectLoader(older, _ -> Optional.of(Message.TYPE), new PinnedMaps());

        // Its program "weak" reads LINUX_KERNEL_VERSION.
        LoadedObject loaded = loader.load(externs, LoadOptions.DEFAULT);
        // @end
        run(loaded.program("weak"));
        assertThat(loaded.variable("version").value()).isEqualTo(0x050f00);
    }

    // @start region="references"
    /** What the functions of an object refer to, without loading it. */
    static Set<String> references(ObjectSpec object) {
        Set<String> names = new TreeSet<>();
        for (FunctionSpec function : object.functions()) {
            for (Reference reference : function.references()) {
                switch (reference) {
                    case Reference.ToMap(var _, String map) -> names.add("map " + map);
                    case Reference.ToKernel(var _, String symbol, var _) -> names.add(symbol);
                    case Reference.ToData _, Reference.ToFunction _ -> {}
                }
            }
        }
        return names;
    }

    // @end

    @Test
    void functionsReferToMapsAndToTheKernel() {
        assertThat(references(Fixtures.object("overrides")))
                .containsExactly("map answers", "map table");
        assertThat(references(Fixtures.object("externs"))).contains("bpf_rcu_read_lock");
    }
}
