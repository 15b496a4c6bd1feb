package io.jsockmap.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jsockmap.bpf.map.IndexKey;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.kernel.KernelVerifier;
import io.jsockmap.kernel.engine.KernelEngine;
import io.jsockmap.sockmap.SockmapObject;
import io.jsockmap.sockmap.map.AttachType;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** bpftool's commands of the running kernel. Nothing carries bytes there. */
class KernelHabitsTest {
    private KernelEngine engine;
    private SockmapObject object;

    @BeforeEach
    void load() {
        var availability = KernelVerifier.availability();
        assumeTrue(availability.usable(), availability::reason);
        engine = KernelEngine.open();
        object =
                engine.load(
                        Outcome.ROOT.resolve("sockmap/src/test/resources/programs/frames.bpf.o"));
    }

    @AfterEach
    void close() {
        if (engine != null) engine.close();
    }

    @Test
    void listsWhatTheKernelHas() throws Exception {
        var map = object.sockMap("targets");
        try (var _ = map.link(object.program("judge"), AttachType.SK_SKB_STREAM_VERDICT)) {
            assertThat(Outcome.of("prog", "list", "--kernel").out()).contains("sk_skb  name judge");
            assertThat(Outcome.of("map", "list", "--kernel").out())
                    .contains(map.id() + ": sockmap  name targets");
            assertThat(Outcome.of("link", "list", "--kernel").out())
                    .contains("map_id %d (targets)".formatted(map.id()));
        }
    }

    @Test
    void dumpsAMapOfTheKernel() throws Exception {
        var map = engine.create(MapDefinition.of("numbers", MapType.HASH, 4, 8, 4));
        map.update(IndexKey.of(7), new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, UpdateFlag.ANY);

        assertThat(Outcome.of("map", "dump", "id", "" + map.id(), "--kernel").out())
                .contains("key: 07 00 00 00  value: 01 02 03 04 05 06 07 08");
    }

    @Test
    void changesNothing() throws Exception {
        var id = "" + object.sockMap("targets").id();

        var outcome = Outcome.of("map", "delete", "id", id, "key", "0", "0", "0", "0", "--kernel");

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).contains("EOPNOTSUPP").contains("use bpftool map delete");
    }
}
