package io.jsockmap.dashboard.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.dashboard.Stage;
import io.jsockmap.dashboard.collect.Snapshots;
import io.jsockmap.dashboard.state.SocketRow;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Where sockets and redirects are drawn. */
class LayoutTest {
    private final Stage stage = new Stage();
    private final Snapshots snapshots = stage.snapshots();

    @AfterEach
    void close() {
        stage.close();
    }

    private Layout layout() {
        stage.tick();
        return Layout.of(snapshots.now());
    }

    private static Map<String, Layout.Node> byLabel(Layout layout) {
        return layout.nodes().stream()
                .collect(Collectors.toMap(Layout.Node::label, Function.identity()));
    }

    @Test
    void aConnectionIsARowAndANameAColumn() {
        stage.connect();
        stage.connect();

        var nodes = byLabel(layout());

        assertThat(nodes).hasSize(6);
        assertThat(nodes.get("client 0").y()).isEqualTo(nodes.get("upstream 0").y());
        assertThat(nodes.get("client 0").x()).isEqualTo(nodes.get("client 1").x());
        assertThat(nodes.get("client 0").x()).isLessThan(nodes.get("upstream 0").x());
        assertThat(nodes.get("client 0").y()).isLessThan(nodes.get("client 1").y());
    }

    @Test
    void noTwoBoxesAreAtOnePlaceAndAllAreInside() {
        for (int i = 0; i < 13; i++) stage.connect();

        var layout = layout();

        assertThat(layout.nodes()).hasSize(39);
        var places = new HashSet<String>();
        for (var node : layout.nodes()) {
            assertThat(places.add(node.x() + " " + node.y())).isTrue();
            assertThat(node.right()).isLessThan(layout.width());
            assertThat(node.y() + Layout.BOX_HEIGHT).isLessThan(layout.height());
        }
    }

    @Test
    void aRedirectGoesFromTheRightOfOneBoxToTheLeftOfTheOther() {
        var client = stage.connect();
        snapshots.now();
        stage.ask(client, "GET", "/admin");

        var layout = layout();

        var nodes = byLabel(layout);
        var link = layout.links().getFirst();
        assertThat(link.path()).startsWith("M %d ".formatted(nodes.get("client 0").right()));
        assertThat(link.labelX())
                .isBetween(nodes.get("client 0").right(), nodes.get("upstream2 0").x());
    }

    @Test
    void manySocketsAreDrawnAsGroups() {
        for (int i = 0; i < 14; i++) stage.ask(stage.connect(), "GET", "/");
        snapshots.now();
        stage.ask(stage.connect(), "GET", "/admin");

        var layout = layout();

        assertThat(layout.nodes())
                .extracting(Layout.Node::label)
                .containsExactlyInAnyOrder("client", "upstream", "upstream2");
        assertThat(layout.nodes()).extracting(Layout.Node::detail).containsOnly("15 sockets");
        assertThat(layout.links()).hasSize(1);
    }

    @Test
    void aRedirectToASocketThatHasGoneIsNotDrawn() {
        var client = stage.connect();
        snapshots.now();
        stage.ask(client, "GET", "/admin");
        stage.tick();
        var state = snapshots.now();
        Predicate<SocketRow> isThere = row -> !row.name().equals("upstream2");
        var fewer = state.sockets().stream().filter(isThere).toList();

        assertThat(Layout.of(Copies.withSockets(state, fewer)).links()).isEmpty();
    }
}
