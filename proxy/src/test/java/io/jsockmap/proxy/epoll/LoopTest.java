package io.jsockmap.proxy.epoll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/** What a loop owes its descriptors, where something runs short or ends at the wrong moment. */
class LoopTest {
    private static final int HANG_SECONDS = 30;

    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private Loop loop;

    @BeforeEach
    void start() {
        assumeTrue(EpollCarriers.refusal().isEmpty(), "there is no epoll here: skipped");
        loop = new Loop(0, new BusyPoll(1000), failures::add);
        loop.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (loop == null) return;
        loop.stop();
        loop.join();
        assertThat(failures).isEmpty();
    }

    private <T> T onLoop(Callable<T> task) throws Exception {
        var result = new CompletableFuture<T>();
        loop.execute(
                () -> {
                    try {
                        result.complete(task.call());
                    } catch (Exception | Error e) {
                        result.completeExceptionally(e);
                    }
                });
        return result.get(HANG_SECONDS, TimeUnit.SECONDS);
    }

    /** A descriptor that is always ready. */
    private int ready(IntConsumer handler) {
        int descriptor = loop.libc.eventDescriptor();
        Libc.giveEvent(descriptor);
        var watched =
                new Loop.Handler() {
                    @Override
                    public void ready(int events) {
                        handler.accept(descriptor);
                    }

                    @Override
                    public void stopped() {
                        loop.close(descriptor);
                    }
                };
        assertThat(loop.add(descriptor, Loop.IN, watched)).isZero();
        return descriptor;
    }

    @Test
    void whatWasPausedGoesOnThoughThereIsAlwaysSomethingToDo() throws Exception {
        var wentOn = new CountDownLatch(1);
        onLoop(
                () -> {
                    loop.pause(wentOn::countDown);
                    return ready(_ -> {});
                });
        assertThat(wentOn.await(HANG_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aDescriptorIsClosedThatWasNeverWatched() throws Exception {
        int highest =
                onLoop(
                        () -> {
                            int last = 0;
                            for (int k = 0; k < 100; k++) {
                                int next = loop.libc.eventDescriptor();
                                if (k > 0) loop.close(last);
                                last = next;
                            }
                            loop.close(last);
                            return last;
                        });
        assertThat(highest).isGreaterThan(100);
        onLoop(() -> 0);
        assertThat(Path.of("/proc/self/fd/" + highest)).doesNotExist();
    }

    @Test
    void noOtherFileGetsTheNumberOfOneWhoseEventsAreStillToCome() throws Exception {
        var numbers = new CompletableFuture<List<Integer>>();
        onLoop(
                () -> {
                    var pair = new int[2];
                    IntConsumer closesTheOther =
                            own -> {
                                int other = own == pair[0] ? pair[1] : pair[0];
                                if (numbers.isDone()) return;
                                loop.close(other);
                                int next = loop.libc.eventDescriptor();
                                loop.close(next);
                                numbers.complete(List.of(other, next));
                            };
                    pair[0] = ready(closesTheOther);
                    pair[1] = ready(closesTheOther);
                    return pair;
                });
        var both = numbers.get(HANG_SECONDS, TimeUnit.SECONDS);
        assertThat(both.get(1)).isNotEqualTo(both.get(0));
    }
}
