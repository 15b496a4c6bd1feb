package io.jsockmap.sockmap.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.insn.Assembler;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSockMap;
import io.jsockmap.sockmap.message.Part;
import io.jsockmap.sockmap.message.Script;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.program.SocketPrograms;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.Collections;
import java.util.List;

/** A program that redirects everything to slot 0, first with its arguments out of order. */
@DisplayName("C41: all to slot 0")
class C41SlotZeroTest extends NetworkTest {
    private final Script script = new Script(network);

    @Test
    @DisplayName("C41: the map as first argument: the fault names the call, the sender gets EACCES")
    void theMapIsNoContext() {
        var targets = new UserSockMap(MapDefinition.of("targets", MapType.SOCKMAP, 4, 8, 1));
        var code =
                Assembler.assemble(
                        """
                        r1 = map[fd:0]
                        r2 = 0
                        r3 = 0
                        call 60
                        exit
                        """);
        var confused =
                new Program(
                        "confused",
                        SocketPrograms.SK_MSG,
                        code,
                        List.of(targets),
                        Collections.emptyNavigableMap());
        targets.attach(confused, AttachType.SK_MSG_VERDICT);
        var source = network.connected();
        targets.update(0, source.socket(), UpdateFlag.ANY);

        source.sends("lost").failsWith(Errno.EACCES);

        assertThat(network.faults()).hasSize(1);
        assertThat(network.faults().getFirst())
                .hasMessageContaining("program confused, instruction 4")
                .hasMessageContaining("call bpf_msg_redirect_map#60");
    }

    @Test
    @DisplayName("C41, S11: while the slot is empty sends fail; then they are redirected")
    void anEmptySlotDrops() {
        script.plays(Part.run().redirectIn(0).returnsLast());
        var source = network.connected();
        var target = network.accepted();
        script.judges(source);

        source.sends("lost").failsWith(Errno.EACCES);
        script.aims(0, target);
        source.sends("found").succeeds();

        assertThat(target.reads()).isEqualTo("found");
        assertThat(source.account().send().dropped()).isEqualTo(4);
    }
}
