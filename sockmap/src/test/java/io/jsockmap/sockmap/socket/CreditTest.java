package io.jsockmap.sockmap.socket;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.concurrent.atomic.AtomicInteger;

/** The room of a queue. */
@DisplayName("K23, K24, F7: room of a queue")
class CreditTest {
    private final Credit credit = new Credit(10);
    private final AtomicInteger woken = new AtomicInteger();

    @Test
    void oneMessageMayPassTheLimit() {
        assertThat(credit.tryAcquire(9)).isTrue();
        assertThat(credit.tryAcquire(100)).isTrue();
        assertThat(credit.tryAcquire(1)).isFalse();
        assertThat(credit.left()).isZero();
    }

    @Test
    void aHigherLimitOfTheMapCounts() {
        credit.acquire(10);

        assertThat(credit.tryAcquire(5, 12)).isTrue();
        assertThat(credit.tryAcquire(1, 12)).isFalse();
    }

    @Test
    void whoeverWaitsIsWokenAtHalf() {
        credit.acquire(10);
        credit.await(woken::incrementAndGet);

        credit.release(4);
        assertThat(woken).hasValue(0);
        credit.release(1);

        assertThat(woken).hasValue(1);
    }

    @Test
    void whoeverWaitsWhereThereIsRoomAlreadyIsWokenAtOnce() {
        credit.acquire(5);

        credit.await(woken::incrementAndGet);

        assertThat(woken).hasValue(1);
    }

    @Test
    void anEmptyMessageTakesRoomToo() {
        for (int i = 0; i < 10; i++) assertThat(credit.tryAcquire(0)).isTrue();

        assertThat(credit.tryAcquire(0)).isFalse();
    }
}
