package io.jsockmap.sockmap.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/** All that happens to a socket, one after the other. */
class MailboxTest {
    private final List<Throwable> failures = new ArrayList<>();
    private final List<String> done = new ArrayList<>();
    private final Mailbox mailbox = new Mailbox(failures::add);
    private final Mailbox other = new Mailbox(failures::add);

    @Test
    void aTaskIsDoneBeforeWhoAskedForItGoesOn() {
        mailbox.execute(() -> done.add("task"));

        assertThat(done).containsExactly("task");
    }

    @Test
    void aTaskThatAsksForAnotherIsFinishedFirst() {
        mailbox.execute(
                () -> {
                    mailbox.execute(() -> done.add("second"));
                    other.execute(() -> done.add("elsewhere"));
                    done.add("first");
                });

        assertThat(done).containsExactly("first", "second", "elsewhere");
    }

    @Test
    void whatACallAsksForIsDoneBeforeItGivesItsResult() {
        var result =
                mailbox.call(
                        () -> {
                            mailbox.execute(() -> done.add("second"));
                            other.execute(() -> done.add("elsewhere"));
                            return done.size();
                        });

        assertThat(result).isZero();
        assertThat(done).containsExactly("second", "elsewhere");
    }

    @Test
    void aCallFromATaskIsRefusedSinceItWouldWaitForItself() {
        mailbox.execute(() -> other.call(() -> "never"));

        assertThat(failures)
                .singleElement()
                .isInstanceOf(IllegalStateException.class)
                .asString()
                .contains("from within a task");
    }

    @Test
    void aFailureIsToldAndTheTasksBehindItAreDone() {
        mailbox.execute(
                () -> {
                    mailbox.execute(() -> done.add("behind"));
                    throw new IllegalArgumentException("a task");
                });
        assertThatThrownBy(
                        () ->
                                mailbox.call(
                                        () -> {
                                            mailbox.execute(() -> done.add("behind the call"));
                                            throw new IllegalArgumentException("a call");
                                        }))
                .hasRootCauseMessage("a call");

        assertThat(failures).extracting(Throwable::getMessage).containsExactly("a task", "a call");
        assertThat(done).containsExactly("behind", "behind the call");
        assertThat(mailbox.<String>call(() -> "goes on")).isEqualTo("goes on");
    }

    @Test
    void aCallWaitsForItsTurnWhereAnotherThreadIsAtWork() throws InterruptedException {
        var begun = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var atWork = Thread.ofVirtual().start(() -> mailbox.execute(() -> wait(begun, goOn)));
        begun.await();
        var result = new AtomicReference<String>();
        var caller = Thread.ofVirtual().start(() -> result.set(mailbox.call(() -> "a turn")));
        goOn.countDown();
        atWork.join();
        caller.join();

        assertThat(result).hasValue("a turn");
    }

    private static void wait(CountDownLatch begun, CountDownLatch goOn) {
        begun.countDown();
        try {
            goOn.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void callsAndTasksOfManyThreadsNeverRunSideBySide() throws InterruptedException {
        int rounds = 20_000;
        var count = new int[1];
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            threads.add(Thread.ofPlatform().start(() -> countUp(rounds, count)));
        }
        for (var thread : threads) thread.join();

        assertThat(mailbox.<Integer>call(() -> count[0])).isEqualTo(3 * 2 * rounds);
        assertThat(failures).isEmpty();
    }

    private void countUp(int rounds, int[] count) {
        for (int i = 0; i < rounds; i++) {
            mailbox.execute(() -> count[0]++);
            mailbox.call(() -> count[0]++);
        }
    }
}
