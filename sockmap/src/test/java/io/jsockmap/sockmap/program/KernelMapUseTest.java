package io.jsockmap.sockmap.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.program.Helper.Argument;
import io.jsockmap.bpf.program.MapUse;
import io.jsockmap.bpf.program.MapUse.Element;
import io.jsockmap.bpf.program.MapUse.Refusal;
import io.jsockmap.bpf.program.ProgramType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Helpers take the kinds of maps that Linux's verifier was seen to let them have. */
class KernelMapUseTest {
    /** Not loaded in Linux: one is for no program, the other had no place for its memory. */
    private static final List<MapType> UNSEEN = List.of(MapType.STRUCT_OPS, MapType.ARENA);

    private static final int SK_MSG = SocketPrograms.SK_MSG.number();
    private static final int SOCK_OPS = SocketPrograms.SOCK_OPS.number();

    private static ProgramType type(String name) {
        return Stream.of(SocketPrograms.SK_MSG, SocketPrograms.SK_SKB, SocketPrograms.SOCK_OPS)
                .filter(type -> type.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    static List<String> rows() {
        return KernelRows.of("map-use.txt");
    }

    @ParameterizedTest
    @MethodSource("rows")
    void kindsAreLinuxs(String row) {
        var words = row.substring(0, row.indexOf(':')).split(" ", -1);
        int program = type(words[0]).number();
        int helper = Integer.parseInt(words[1]);

        var kinds =
                Stream.of(MapType.values())
                        .filter(kind -> !UNSEEN.contains(kind))
                        .filter(kind -> MapUse.refusal(program, kind, helper).isEmpty())
                        .map(MapType::toString)
                        .collect(Collectors.joining(" "));

        assertThat(kinds).isEqualTo(row.substring(row.indexOf(':') + 2));
    }

    private static List<String> words(Optional<Refusal> refusal) {
        return refusal.orElseThrow().lines();
    }

    @Test
    void theWordsAreLinuxs() {
        assertThat(words(MapUse.refusal(SK_MSG, MapType.HASH, 60)))
                .containsExactly("cannot pass map_type 1 into func bpf_msg_redirect_map#60");
        assertThat(words(MapUse.refusal(SK_MSG, MapType.SOCKMAP, 2)))
                .containsExactly(
                        "cannot update sockmap in this context",
                        "cannot pass map_type 15 into func bpf_map_update_elem#2");
        assertThat(words(MapUse.refusal(SK_MSG, MapType.HASH, 12)))
                .containsExactly("expected prog array map for tail call");
        assertThat(MapUse.refusal(SK_MSG, MapType.QUEUE, 164))
                .contains(
                        new Refusal(
                                Errno.ENOTSUPP, List.of("callback function not allowed for map")));
    }

    @ParameterizedTest
    @EnumSource(names = {"SOCKMAP", "SOCKHASH"})
    void sockOpsDeletesSocketsButDoesNotUpdate(MapType kind) {
        assertThat(MapUse.refusal(SOCK_OPS, kind, 3)).isEmpty();
        assertThat(MapUse.refusal(SOCK_OPS, kind, 2)).isPresent();
        assertThat(MapUse.refusal(SK_MSG, kind, 3)).isPresent();
    }

    @ParameterizedTest
    @EnumSource(names = {"SOCKMAP", "SOCKHASH"})
    void socketsAreTheValuesOfMapsOfSockets(MapType kind) {
        assertThat(MapUse.argument(kind, 2, Argument.VALUE)).contains(Argument.SOCKET);
        assertThat(MapUse.argument(kind, 2, Argument.KEY)).contains(Argument.KEY);
        assertThat(MapUse.argument(kind, 88, Argument.VALUE_TO_FILL)).isEmpty();
        assertThat(MapUse.argument(kind, 107, Argument.VALUE_OR_NULL)).isEmpty();
        assertThat(MapUse.element(kind)).isEqualTo(Element.SOCKET);
    }

    @Test
    void aBloomFilterIsAskedForAValueWhereAQueueFillsOne() {
        assertThat(MapUse.argument(MapType.BLOOM_FILTER, 89, Argument.VALUE_TO_FILL))
                .contains(Argument.VALUE);
        assertThat(MapUse.argument(MapType.QUEUE, 89, Argument.VALUE_TO_FILL))
                .contains(Argument.VALUE_TO_FILL);
    }

    private static MapDefinition map(MapType type, long count, int flags) {
        return MapDefinition.of("m", type, 4, 16, count).withFlags(flags);
    }

    @Test
    void mapsThatProgramsOnlyReadAreNotChangedByHelpers() {
        var map = map(MapType.ARRAY, 1, BpfMap.RDONLY_PROG);

        for (int helper : new int[] {2, 3, 87, 88}) {
            assertThat(words(MapUse.refusal(map, helper)))
                    .containsExactly("write into map forbidden");
        }
        assertThat(MapUse.refusal(map, 1)).isEmpty();
        assertThat(MapUse.refusal(map, 89)).isEmpty();
        assertThat(MapUse.mayRead(map)).isTrue();
        assertThat(MapUse.mayWrite(map)).isFalse();
    }

    @Test
    void mapsThatProgramsOnlyWriteAreRefusedToNoHelper() {
        var map = map(MapType.ARRAY, 1, BpfMap.WRONLY_PROG);

        assertThat(MapUse.refusal(map, 1)).isEmpty();
        assertThat(MapUse.refusal(map, 2)).isEmpty();
        assertThat(MapUse.mayRead(map)).isFalse();
        assertThat(MapUse.mayWrite(map)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 15})
    void anArrayOfOneElementHasDirectValues(long offset) {
        assertThat(MapUse.directValue(map(MapType.ARRAY, 1, 0), offset)).isEmpty();
    }

    @Test
    void noOtherMapHasDirectValues() {
        assertThat(words(MapUse.directValue(map(MapType.PERCPU_ARRAY, 1, 0), 0)))
                .containsExactly("no direct value access support for this map type");
        assertThat(words(MapUse.directValue(map(MapType.ARRAY, 1, 0), 16)))
                .containsExactly("invalid access to map value pointer, value_size=16 off=16");
        assertThat(MapUse.directValue(map(MapType.ARRAY, 2, 0), 0).orElseThrow().errno())
                .isEqualTo(Errno.ENOTSUPP);
    }

    @Test
    void lookupsGiveWhatTheMapHolds() {
        assertThat(MapUse.element(MapType.HASH)).isEqualTo(Element.VALUE);
        assertThat(MapUse.element(MapType.ARRAY_OF_MAPS)).isEqualTo(Element.INNER_MAP);
        assertThat(MapUse.element(MapType.HASH_OF_MAPS)).isEqualTo(Element.INNER_MAP);
        assertThat(MapUse.element(MapType.XSKMAP)).isEqualTo(Element.XDP_SOCKET);
    }
}
