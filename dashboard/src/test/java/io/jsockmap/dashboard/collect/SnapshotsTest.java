package io.jsockmap.dashboard.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.jsockmap.dashboard.Stage;
import io.jsockmap.dashboard.state.EdgeRow;
import io.jsockmap.dashboard.state.GroupRow;
import io.jsockmap.dashboard.state.SocketRow;
import io.jsockmap.dashboard.state.State;
import io.jsockmap.dashboard.state.StateJson;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;

/** What is put together for those who look. */
class SnapshotsTest {
    private final Stage stage = new Stage();
    private final Snapshots snapshots = stage.snapshots();

    @AfterEach
    void close() {
        stage.close();
    }

    private State next() {
        stage.tick();
        return snapshots.now();
    }

    @Test
    void socketsHaveNamesAndAccountsThatBalance() {
        var client = stage.connect();
        snapshots.now();
        stage.ask(client, "GET", "/");
        stage.ask(client, "GET", "/admin");
        stage.ask(client, "DELETE", "/");

        var state = next();

        assertThat(state.socketCount()).isEqualTo(3);
        assertThat(state.sockets())
                .extracting(SocketRow::label)
                .containsExactly("client 0", "upstream 0", "upstream2 0");
        var received = state.sockets().getFirst().received();
        assertThat(received.balances()).isTrue();
        assertThat(received.in())
                .isEqualTo(
                        received.passed()
                                + received.redirected()
                                + received.dropped()
                                + received.held());
        assertThat(received.redirected()).isPositive();
        assertThat(received.dropped()).isPositive();
    }

    @Test
    void theBusiestSocketComesFirst() {
        var quiet = stage.connect();
        var busy = stage.connect();
        snapshots.now();
        stage.ask(quiet, "GET", "/");
        for (int i = 0; i < 5; i++) stage.ask(busy, "GET", "/");

        assertThat(next().sockets().getFirst().label()).isEqualTo("client 1");
        assertThat(snapshots.now().sockets().getFirst().bytesPerSecond()).isPositive();
    }

    @Test
    void edgesNameBothEnds() {
        var client = stage.connect();
        snapshots.now();
        stage.ask(client, "GET", "/admin");

        assertThat(next().edges())
                .extracting(EdgeRow::sourceLabel, EdgeRow::targetLabel)
                .containsExactly(tuple("client 0", "upstream2 0"));
    }

    @Test
    void groupsSumUpTheEdgesOfTheirSockets() {
        var one = stage.connect();
        var other = stage.connect();
        snapshots.now();
        stage.ask(one, "GET", "/admin");
        stage.ask(other, "GET", "/admin");

        var state = next();

        assertThat(state.groups())
                .contains(new GroupRow("client", 2), new GroupRow("upstream2", 2));
        assertThat(state.groupEdges()).hasSize(1);
        var edge = state.groupEdges().getFirst();
        assertThat(edge.messages()).isEqualTo(2);
        assertThat(state.groups().get((int) edge.source()).name()).isEqualTo("client");
        assertThat(state.groups().get((int) edge.target()).name()).isEqualTo("upstream2");
    }

    @Test
    void withinHalfASecondItIsTheSame() {
        stage.connect();
        var first = snapshots.now();
        stage.connect();
        stage.pass(0.4);
        assertThat(snapshots.now()).isSameAs(first);

        stage.pass(0.2);
        assertThat(snapshots.now().socketCount()).isEqualTo(6);
    }

    @Test
    void withinHalfASecondScrapesShareTheirFigures() {
        var client = stage.connect();
        stage.ask(client, "GET", "/");
        var first = snapshots.metrics();
        stage.ask(client, "GET", "/");
        stage.pass(0.4);
        assertThat(snapshots.metrics()).isSameAs(first);

        stage.pass(0.2);
        assertThat(snapshots.metrics().programs().getFirst().messages()).isEqualTo(2);
    }

    @Test
    void itBecomesJsonAndComesBack() throws Exception {
        var client = stage.connect();
        snapshots.now();
        stage.ask(client, "GET", "/admin");
        var state = next();

        assertThat(StateJson.read(StateJson.write(state))).isEqualTo(state);
    }

    @Test
    void whatIsNoStateIsRefused() {
        for (var json :
                new String[] {"", "[]", "{}", "{\"format\":99}", "<html>", "{\"format\":1}"}) {
            assertThatThrownBy(() -> StateJson.read(json))
                    .as(json)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("not a state");
        }
    }
}
