package io.jsockmap.proxy.epoll;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A thread looks again as long as that pays. */
class BusyPollTest {
    private final BusyPoll poll = new BusyPoll(50_000);

    private int waitsUntilDue() {
        for (int waits = 0; waits < 1000; waits++) {
            if (poll.isDue()) return waits;
        }
        return 1000;
    }

    @Test
    void whatSucceedsIsDoneEachTime() {
        for (int k = 0; k < 10; k++) {
            assertThat(poll.isDue()).isTrue();
            poll.succeeded();
        }
    }

    @Test
    void whatFailsIsDoneEverMoreRarelyButNotNever() {
        int before = 0;
        for (int k = 0; k < 20; k++) {
            poll.failed();
            int waits = waitsUntilDue();
            assertThat(waits).isBetween(Math.max(1, before), 63);
            before = waits;
        }
        assertThat(before).isEqualTo(63);
    }

    @Test
    void oneSuccessIsReasonToGoOn() {
        for (int k = 0; k < 5; k++) poll.failed();
        assertThat(waitsUntilDue()).isPositive();
        poll.succeeded();
        assertThat(waitsUntilDue()).isZero();
        poll.failed();
        assertThat(waitsUntilDue()).isEqualTo(1);
    }

    @Test
    void withoutTimeThereIsNone() {
        assertThat(new BusyPoll(0).isDue()).isFalse();
    }
}
