package io.jsockmap.sockmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.bpf.object.ObjectReader;
import io.jsockmap.bpf.object.ObjectSpec;
import io.jsockmap.bpf.program.Program;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

class AutoEngineTest {
    private static final ObjectSpec FRAMES =
            ObjectReader.read(
                    Path.of(System.getProperty("jsockmap.root", ".."))
                            .resolve("sockmap/src/test/resources/programs/frames.bpf.o"));

    @Test
    void whatIsNotPermittedIsDoneInUserSpace() {
        try (var engine = auto(() -> refuse(Errno.EPERM));
                var object = engine.load(FRAMES, LoadOptions.DEFAULT)) {
            assertThat(engine.name()).isEqualTo("user");
            assertThat(object.programs()).containsKeys("parse", "judge");
        }
    }

    @Test
    void whatTheKernelRefusesIsDoneInUserSpaceAndItsEngineClosed() {
        var kernel = new Kernel(() -> refuse(Errno.EACCES));

        try (var engine = auto(() -> kernel);
                var _ = engine.load(FRAMES, LoadOptions.DEFAULT)) {
            assertThat(engine.chosen()).isInstanceOf(UserEngine.class);
            assertThat(kernel.closed).isTrue();
        }
    }

    @Test
    void whatTheKernelTakesStaysThereWithAllThatIsLoadedLater() {
        try (var user = auto(() -> refuse(Errno.EPERM))) {
            var kernel = new Kernel(() -> user.load(FRAMES, LoadOptions.DEFAULT));
            try (var engine = auto(() -> kernel)) {
                engine.load(FRAMES, LoadOptions.DEFAULT);
                engine.load(FRAMES, LoadOptions.DEFAULT);

                assertThat(engine.name()).isEqualTo("kernel");
                assertThat(kernel.loaded).isEqualTo(2);
                assertThat(kernel.closed).isFalse();
            }
            assertThat(kernel.closed).isTrue();
        }
    }

    @Test
    void whatNoEngineTakesIsRefusedAndTheChoiceStaysOpen() {
        try (var engine = auto(() -> refuse(Errno.EPERM))) {
            assertThatThrownBy(
                            () -> engine.load(FRAMES, LoadOptions.DEFAULT.withMaxEntries("no", 1)))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("has no map named no");
            assertThatThrownBy(engine::chosen).hasMessageContaining("load one before");
        }
    }

    private interface Opening {
        SockmapEngine open();
    }

    private static SockmapEngine refuse(Errno errno) {
        throw new BpfException(errno, "as the test has it");
    }

    private static AutoEngine auto(Opening kernel) {
        return new AutoEngine(
                () ->
                        new EngineProvider() {
                            @Override
                            public String name() {
                                return "kernel";
                            }

                            @Override
                            public SockmapEngine open() {
                                return kernel.open();
                            }
                        });
    }

    private interface Loading {
        Object load();
    }

    /** In the place of the kernel's. */
    private static final class Kernel implements SockmapEngine {
        private final Loading loading;
        private int loaded;
        private boolean closed;

        Kernel(Loading loading) {
            this.loading = loading;
        }

        @Override
        public String name() {
            return "kernel";
        }

        @Override
        public Set<Capability> capabilities() {
            return EnumSet.of(Capability.OFFLOAD);
        }

        @Override
        public SockmapObject load(ObjectSpec spec, LoadOptions options) {
            var object = (SockmapObject) loading.load();
            loaded++;
            return object;
        }

        @Override
        public BpfMap create(MapDefinition definition) {
            throw new AssertionError("no map is made");
        }

        @Override
        public Attachment attach(Program sockOps) {
            throw new AssertionError("nothing is attached");
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
