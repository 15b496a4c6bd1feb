package io.jsockmap.sockmap.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.network.NetworkTest;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A program that runs while its map takes the place of another. */
class LookupWhileMovingTest extends NetworkTest {
    private static final int REPLACEMENTS = 40_000;

    /** One map and the one that takes its place next. */
    private record Step(UserSockMap old, UserSockMap heir) {}

    private volatile Step step = new Step(map(), map());
    private volatile boolean over;

    @Test
    @DisplayName("finds a socket in the new map as soon as the first may have moved there")
    void inTheNewMap() {
        step.old.update(0, network.connected().socket(), UpdateFlag.ANY);

        var misses = CompletableFuture.supplyAsync(this::lookUp);
        for (int i = 0; i < REPLACEMENTS; i++) {
            var now = step;
            new Succession(Map.of(now.old, now.heir), Set.of(), Map.of()).run();
            step = new Step(now.heir, map());
        }
        over = true;

        assertThat(misses.join()).isZero();
    }

    /** How often it found nothing in a map that others are moving to, or have moved to. */
    private int lookUp() {
        int misses = 0;
        while (!over) {
            var now = step;
            while (!now.old.isReplaced() && !over) Thread.onSpinWait();
            if (now.old.isReplaced() && now.heir.socket(0).isEmpty()) misses++;
        }
        return misses;
    }

    private static UserSockMap map() {
        return new UserSockMap(MapDefinition.of("sockets", MapType.SOCKMAP, 4, 8, 1));
    }
}
