package io.jsockmap.sockmap.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.insn.Assembler;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.program.SocketPrograms;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

/** Parsers that edit the packet: Linux 6.18 takes them, 7.2 does not; here they are warned of. */
class ParserProgramsTest extends NetworkTest {
    private final UserObject object = network.load("map-programs");
    private final UserSockMap map =
            new UserSockMap(MapDefinition.of("m", MapType.SOCKMAP, 4, 8, 4));

    @ParameterizedTest
    @DisplayName(
            "P20: calling helpers that edit or move the packet counts; stores and loads do not")
    @CsvSource({
        "parse, false",
        "parse_by_pulling, true",
        "parse_by_storing, false",
        "pass_received, false"
    })
    void mayEdit(String program, boolean expected) {
        assertThat(PacketEdits.mayEdit(object.program(program))).isEqualTo(expected);
    }

    @Test
    @DisplayName("P20: so do store_bytes, change_tail, change_head and adjust_room")
    void allHelpers() {
        assertThat(List.of(9, 26, 38, 39, 43, 46, 50, 52))
                .filteredOn(helper -> PacketEdits.mayEdit(calling(helper)))
                .containsExactly(9, 38, 39, 43, 50);
    }

    private static Program calling(int helper) {
        var code = Assembler.assemble("call %d\nexit".formatted(helper));
        return Program.of("p", SocketPrograms.SK_SKB, code);
    }

    @Test
    @DisplayName("P20: as a parser such a program is taken, with a warning that says what to do")
    void warned() {
        var parser = object.program("parse_by_pulling");

        map.attach(parser, AttachType.SK_SKB_STREAM_PARSER);

        assertThat(map.attached(AttachType.SK_SKB_STREAM_PARSER)).contains(parser);
        assertThat(PacketEdits.warning(map, parser).orElseThrow())
                .contains("map m (sockmap)", "parse_by_pulling", "7.2", "bpf_skb_load_bytes");
        assertThat(PacketEdits.warning(map, object.program("parse"))).isEmpty();
    }
}
