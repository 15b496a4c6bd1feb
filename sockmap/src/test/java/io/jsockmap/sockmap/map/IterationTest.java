package io.jsockmap.sockmap.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Sock;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.Optional;
import java.util.TreeSet;

/** Walking over maps, also while they change. */
class IterationTest extends NetworkTest {
    private final UserSockMap map =
            new UserSockMap(MapDefinition.of("m", MapType.SOCKMAP, 4, 8, 4));
    private final UserSockHash hash =
            new UserSockHash(MapDefinition.of("h", MapType.SOCKHASH, 4, 8, 99));
    private final Sock first = network.connected().socket();
    private final Sock second = network.connected().socket();

    @Test
    @DisplayName("M44: the slots of a SOCKMAP come in their order, empty ones too")
    void slots() {
        map.update(1, first, UpdateFlag.ANY);
        map.update(3, second, UpdateFlag.ANY);

        assertThat(map.slots().map(slot -> slot.map(Entry::socket)))
                .containsExactly(
                        Optional.empty(),
                        Optional.of(first),
                        Optional.empty(),
                        Optional.of(second));
    }

    @Test
    @DisplayName("M44: a slot is looked at when it is its turn")
    void slotsWhileTheyChange() {
        map.update(0, first, UpdateFlag.ANY);
        map.update(2, second, UpdateFlag.ANY);

        var seen =
                map.slots()
                        .peek(slot -> slot.ifPresent(entry -> second.close()))
                        .map(Optional::isPresent);

        assertThat(seen).containsExactly(true, false, false, false);
    }

    @Test
    @DisplayName("M44: the entries of a SOCKHASH are elements only; each knows its key and socket")
    void elements() {
        hash.update(Bytes.u32(7), first, UpdateFlag.ANY);
        hash.update(Bytes.u32(8), second, UpdateFlag.ANY);

        assertThat(hash.entries()).extracting(Entry::socket).containsOnly(first, second);
        assertThat(hash.entries().stream().map(e -> Bytes.number(e.key()))).containsOnly(7L, 8L);
    }

    @Test
    @DisplayName(
            "M41: a walk over a SOCKHASH comes to every key that stays, whatever goes meanwhile")
    void keysThatStay() {
        for (int i = 0; i < 40; i++) hash.update(Bytes.u32(i), first, UpdateFlag.ANY);
        var seen = new TreeSet<Long>();

        var key = hash.firstKey();
        while (key.isPresent()) {
            long number = Bytes.number(key.get());
            seen.add(number);
            key = hash.nextKey(key.get());
            // Odd keys go once they have been seen, and were asked for what follows them.
            if (number % 2 == 1) hash.delete(Bytes.u32(number));
        }

        assertThat(seen).hasSize(40);
        assertThat(hash.size()).isEqualTo(20);
    }

    @Test
    @DisplayName("M45, M46: entries vanish with their socket while somebody walks over them")
    void closedMeanwhile() {
        hash.update(Bytes.u32(1), first, UpdateFlag.ANY);
        hash.update(Bytes.u32(2), first, UpdateFlag.ANY);
        hash.update(Bytes.u32(3), second, UpdateFlag.ANY);
        var entries = hash.entries();

        first.close();

        assertThat(entries).as("what was there").hasSize(3);
        assertThat(hash.entries()).extracting(Entry::socket).containsExactly(second);
        entries.forEach(Entry::remove);
        assertThat(hash.size()).isZero();
    }

    @Test
    @DisplayName("M26: an entry that was replaced does not take its successor along")
    void replacedEntry() {
        map.update(0, first, UpdateFlag.ANY);
        var entry = map.entries().getFirst();
        map.update(0, second, UpdateFlag.ANY);

        entry.remove();
        first.close();

        assertThat(map.socket(0)).contains(second);
    }
}
