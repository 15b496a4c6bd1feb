package io.jsockmap.dashboard.collect;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.dashboard.Stage;
import io.jsockmap.sockmap.socket.FullTarget;
import io.jsockmap.sockmap.socket.Redirect;
import io.jsockmap.sockmap.socket.Sock;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** However much comes, what is kept of it is bounded. */
class LimitsTest {
    private final Stage stage = new Stage();

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void onlyTheLastMessagesAreKeptTheNewestFirst() {
        var messages = new LastMessages();
        for (int i = 0; i < 60; i++) messages.add(message(i));

        assertThat(messages.newestFirst()).hasSize(50);
        assertThat(messages.newestFirst().getFirst().time()).isEqualTo(59);
    }

    private static JudgedMessage message(long time) {
        return new JudgedMessage(
                time,
                1,
                "received",
                "judge",
                "pass",
                Optional.empty(),
                false,
                Optional.empty(),
                0,
                Optional.empty());
    }

    @Test
    void noIncidentIsWrittenOutWhileOthersWaitForIt() {
        var incidents = new Incidents();
        var locked = new AtomicBoolean();
        var cause =
                new IllegalStateException() {
                    private static final long serialVersionUID = 1L;

                    @Override
                    public String toString() {
                        if (Thread.holdsLock(incidents)) locked.set(true);
                        return "mistake";
                    }
                };

        incidents.failed(7, stage.connect(), cause);

        assertThat(locked).isFalse();
        assertThat(incidents.newestFirst().getFirst().text()).isEqualTo("mistake");
        assertThat(incidents.counts(0, 0).failures()).isOne();
    }

    @Test
    void withinASecondNoMoreThan200MessagesAreWanted() {
        var messages = new LastMessages();
        int wanted = 0;
        for (int i = 0; i < 100_000; i++) if (messages.isWanted()) wanted++;

        assertThat(wanted).isEqualTo(200);
    }

    @Test
    void whereTheRateIsHighAMessageIsWantedByChance() {
        var messages = new LastMessages();
        messages.tick(500_000);

        assertThat(messages.oneIn()).isEqualTo(10_000);
        int wanted = 0;
        for (int i = 0; i < 500_000; i++) if (messages.isWanted()) wanted++;
        // 50 are expected; none, or all that there is room for, will not happen in this world.
        assertThat(wanted).isBetween(1, 199);
    }

    @Test
    void edgesAreNotMoreThanTheirLimitUntilSomeAreIdle() {
        var edges = new Edges();
        var one = stage.connect();
        for (int i = 0; i < Edges.MOST / 3 + 50; i++) {
            stage.connect();
            count(edges, one, "client");
            count(edges, one, "upstream");
            count(edges, one, "upstream2");
        }
        assertThat(edges.busiest()).hasSize(Edges.MOST);

        for (int second = 0; second <= 31; second++) edges.tick(1);
        assertThat(edges.busiest()).isEmpty();
        count(edges, one, "client");
        assertThat(edges.busiest()).hasSize(1);
    }

    private void count(Edges edges, Sock from, String to) {
        edges.count(from, new Redirect(stage.socket(to), false, FullTarget.BLOCK), 10);
    }
}
