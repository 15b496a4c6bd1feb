package io.jsockmap.sockmap.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.program.ProgramType;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Which of the helpers that know sockets each type of program may call. */
@DisplayName("H1, H3: helpers by type")
class HelperTableTest {
    private static final Set<Integer> CASTS = Set.of(136, 137, 138, 139, 140, 178, 196);
    private static final Set<Integer> SK_MSG = Set.of(60, 61, 62, 63, 71, 90, 91, 107, 108, 122);
    private static final Set<Integer> SK_SKB =
            Set.of(9, 26, 38, 39, 43, 46, 47, 50, 52, 72, 84, 85, 86, 99);
    private static final Set<Integer> SOCK_OPS =
            Set.of(46, 49, 53, 57, 59, 70, 96, 107, 108, 122, 142, 143, 144);

    /** What docs/semantics.md has under "Not offered". */
    private static final Set<Integer> NOT_OFFERED =
            Set.of(81, 153, 154, 156, 157, 194, 209, 210, 211);

    private static final Set<Integer> ALL = union(union(SK_MSG, SK_SKB), union(SOCK_OPS, CASTS));

    private static Set<Integer> union(Set<Integer> some, Set<Integer> others) {
        var all = new TreeSet<>(some);
        all.addAll(others);
        return all;
    }

    private static void assertHelpers(ProgramType type, Set<Integer> expected) {
        var has = new TreeSet<>(type.helpers().keySet());
        has.retainAll(ALL);
        assertThat(has).isEqualTo(union(expected, CASTS));
    }

    @Test
    @DisplayName("H1: what is not offered no type has")
    void notOffered() {
        for (var type :
                List.of(SocketPrograms.SK_MSG, SocketPrograms.SK_SKB, SocketPrograms.SOCK_OPS)) {
            assertThat(type.helpers().keySet()).doesNotContainAnyElementsOf(NOT_OFFERED);
        }
    }

    @Test
    @DisplayName("sk_msg redirects, holds and edits messages, and has no cookie")
    void skMsg() {
        assertHelpers(SocketPrograms.SK_MSG, SK_MSG);
        assertThat(SocketPrograms.SK_MSG.helper(46)).isEmpty();
    }

    @Test
    @DisplayName("sk_skb redirects and edits buffers, and finds sockets")
    void skSkb() {
        assertHelpers(SocketPrograms.SK_SKB, SK_SKB);
    }

    @Test
    @DisplayName("sock_ops fills maps, sets options and asks for callbacks")
    void sockOps() {
        assertHelpers(SocketPrograms.SOCK_OPS, SOCK_OPS);
    }
}
