package io.jsockmap.dashboard.page;

import io.jsockmap.dashboard.state.EdgeRow;
import io.jsockmap.dashboard.state.SocketRow;
import io.jsockmap.dashboard.state.State;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Where sockets and redirects are drawn. Each connection is a row, and each name of sockets a
 * column, clients first: so a socket stays where it is while others come and go.
 *
 * @param nodes the boxes
 * @param links the arrows between them
 * @param width of all
 * @param height of all
 */
record Layout(List<Node> nodes, List<Link> links, int width, int height) {
    /** So many sockets are drawn one by one. */
    static final int MOST_SOCKETS = 40;

    static final int BOX_WIDTH = 150;
    static final int BOX_HEIGHT = 40;
    private static final int COLUMN = 380;
    private static final int ROW = 84;
    private static final int MARGIN = 44;

    /** How far an arrow is bent that goes around a box. */
    private static final int LIFT = 30;

    /** Room beside the last column, for arrows that come back. */
    private static final int BESIDE = 190;

    /** A box; x and y are its upper left corner. */
    record Node(String label, String detail, int x, int y) {
        int middle() {
            return y + BOX_HEIGHT / 2;
        }

        int right() {
            return x + BOX_WIDTH;
        }
    }

    /** An arrow: its path in SVG, and where its label is. */
    record Link(EdgeRow edge, String path, int labelX, int labelY) {}

    static Layout of(State state) {
        boolean each = state.socketCount() <= MOST_SOCKETS;
        var nodes = each ? sockets(state.sockets()) : groups(state);
        return arrange(nodes, each ? state.edges() : state.groupEdges());
    }

    private static Map<Long, Node> sockets(List<SocketRow> sockets) {
        var columns = new ArrayList<>(new TreeSet<>(names(sockets)));
        var rows = new ArrayList<>(new TreeSet<>(connections(sockets)));
        Map<Long, Node> nodes = new HashMap<>();
        for (var socket : sockets) {
            int column = columns.indexOf(socket.name());
            int row = rows.indexOf(socket.connection());
            nodes.put(socket.cookie(), node(socket.label(), remote(socket), column, row));
        }
        return nodes;
    }

    private static List<String> names(List<SocketRow> sockets) {
        return sockets.stream().map(SocketRow::name).toList();
    }

    private static List<Integer> connections(List<SocketRow> sockets) {
        return sockets.stream().map(SocketRow::connection).toList();
    }

    private static String remote(SocketRow socket) {
        return socket.addresses().replaceFirst(".* -> ", "");
    }

    private static Map<Long, Node> groups(State state) {
        Map<Long, Node> nodes = new HashMap<>();
        for (int i = 0; i < state.groups().size(); i++) {
            var group = state.groups().get(i);
            if (group.sockets() == 0) continue;
            var detail = group.sockets() + " sockets";
            nodes.put((long) i, node(group.name(), detail, i, 0));
        }
        return nodes;
    }

    private static Node node(String label, String detail, int column, int row) {
        return new Node(label, detail, MARGIN + column * COLUMN, MARGIN + row * ROW);
    }

    private static Layout arrange(Map<Long, Node> nodes, List<EdgeRow> edges) {
        List<Link> links = new ArrayList<>();
        for (var edge : edges) {
            var source = Optional.ofNullable(nodes.get(edge.source()));
            var target = Optional.ofNullable(nodes.get(edge.target()));
            // A socket that has gone is told of in the table only.
            if (source.isEmpty() || target.isEmpty()) continue;
            links.add(link(edge, source.get(), target.get()));
        }
        return new Layout(
                List.copyOf(nodes.values()),
                links,
                right(nodes.values()) + BESIDE,
                bottom(nodes.values()) + MARGIN);
    }

    private static int right(Collection<Node> nodes) {
        return nodes.stream().mapToInt(Node::right).max().orElse(MARGIN);
    }

    private static int bottom(Collection<Node> nodes) {
        return nodes.stream().mapToInt(n -> n.y() + BOX_HEIGHT).max().orElse(MARGIN);
    }

    private static Link link(EdgeRow edge, Node source, Node target) {
        if (source.equals(target)) return loop(edge, source);
        if (source.x() == target.x()) return beside(edge, source, target);
        return source.x() < target.x()
                ? straight(edge, source.right(), target.x(), source, target, -10)
                : straight(edge, source.x(), target.right(), source, target, 10);
    }

    /** From column to column. What goes back runs below what goes there. */
    private static Link straight(
            EdgeRow edge, int fromX, int toX, Node source, Node target, int shift) {
        int fromY = source.middle() + shift;
        int toY = target.middle() + shift;
        int bend = (toX - fromX) / 2;
        // Around the boxes of the columns between.
        int lift = Math.abs(target.x() - source.x()) > COLUMN ? LIFT * Integer.signum(shift) : 0;
        var path =
                "M %d %d C %d %d, %d %d, %d %d"
                        .formatted(
                                fromX,
                                fromY,
                                fromX + bend,
                                fromY + lift,
                                toX - bend,
                                toY + lift,
                                toX,
                                toY);
        // A curve of this kind comes three quarters of the way to where it is bent to.
        int middle = (fromY + toY) / 2 + lift * 3 / 4;
        return new Link(edge, path, (fromX + toX) / 2, middle + (shift < 0 ? -6 : 15));
    }

    /** Within a column, along its right side. */
    private static Link beside(EdgeRow edge, Node source, Node target) {
        int x = source.right();
        var path =
                "M %d %d C %d %d, %d %d, %d %d"
                        .formatted(
                                x,
                                source.middle(),
                                x + 60,
                                source.middle(),
                                x + 60,
                                target.middle(),
                                x,
                                target.middle());
        return new Link(edge, path, x + 110, (source.middle() + target.middle()) / 2);
    }

    /** To itself. */
    private static Link loop(EdgeRow edge, Node node) {
        int x = node.right();
        var path =
                "M %d %d C %d %d, %d %d, %d %d"
                        .formatted(
                                x,
                                node.middle() - 12,
                                x + 45,
                                node.middle() - 26,
                                x + 45,
                                node.middle() + 26,
                                x,
                                node.middle() + 12);
        return new Link(edge, path, x + 110, node.middle() + 4);
    }
}
