package io.jsockmap.sockmap.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.map.ProgArrayMap;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.NetworkTest;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Elements that are set in maps which others use, and what they had there before. */
class ObjectSetupTest extends NetworkTest {
    private UserObject object;

    @BeforeEach
    void load() {
        object = network.load("msg-header");
    }

    private static ObjectSetup setting(String... settings) {
        return new ObjectSetup(
                Map.of(), List.of(), Map.of(), Optional.empty(), List.of(settings), List.of());
    }

    private Optional<Byte> done(int port) {
        return object.map("done").lookup(Bytes.u32(port)).map(value -> value[0]);
    }

    private Object writer() {
        return ((ProgArrayMap<?>) object.map("writers")).program(0);
    }

    @Test
    void whatWasThereIsPutBackAndWhatWasNotGoes() {
        object.map("done").update(Bytes.u32(80), new byte[] {1}, UpdateFlag.ANY);
        var putBack =
                setting("done[80]=2", "done[443]=3", "done[80]=4", "writers[0]=write")
                        .exchangeElements(object);
        assertThat(done(80)).contains((byte) 4);
        assertThat(done(443)).contains((byte) 3);
        assertThat(writer()).isEqualTo(object.program("write"));

        putBack.run();

        assertThat(done(80)).contains((byte) 1);
        assertThat(done(443)).isEmpty();
        assertThat(writer()).isNull();
    }

    @Test
    void ifOneCantBeSetTheOthersAreAsBefore() {
        var setup = setting("writers[0]=write", "done[80]=2", "writers[1]=write");

        assertThatThrownBy(() -> setup.exchangeElements(object)).isInstanceOf(BpfException.class);

        assertThat(done(80)).isEmpty();
        assertThat(writer()).isNull();
    }

    @Test
    void whatAProgramTookAwayMeanwhileIsNoMistake() {
        var putBack = setting("done[80]=2").exchangeElements(object);
        object.map("done").delete(Bytes.u32(80));

        putBack.run();

        assertThat(done(80)).isEmpty();
    }
}
