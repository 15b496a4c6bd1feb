package io.jsockmap.sockmap.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.sockmap.network.Network;

import org.junit.jupiter.api.Test;

import java.util.concurrent.atomic.AtomicInteger;

/** Whoever waits for room is woken for the room that he waits for now. */
class WakeUpTest {
    private static final Psock PSOCK =
            Samples.socket(Network.addresses("127.0.0.1", 1, "127.0.0.1", 2)).psock();

    private final Credit first = new Credit(10);
    private final Credit second = new Credit(10);
    private final AtomicInteger woken = new AtomicInteger();
    private final WakeUp wakeUp = new WakeUp(PSOCK, woken::incrementAndGet);

    @Test
    void aWaiterThatMovedOnIsWokenAtItsNewPlace() {
        first.acquire(10);
        second.acquire(10);
        wakeUp.await(first);
        // Room again, but not so much that anybody is woken: the waiter found it by itself.
        first.release(4);
        wakeUp.await(second);

        second.release(10);

        assertThat(woken).hasValue(1);
    }

    @Test
    void aWaiterThatAsksOftenIsWokenOnce() {
        first.acquire(10);
        wakeUp.await(first);
        wakeUp.await(first);

        first.release(10);

        assertThat(woken).hasValue(1);
    }
}
