package io.jsockmap.dashboard.page;

import io.jsockmap.dashboard.state.EdgeRow;
import io.jsockmap.dashboard.state.Quantity;
import io.jsockmap.dashboard.state.State;

/** The sockets and who redirects to whom, as a drawing. */
final class GraphSvg {
    private GraphSvg() {}

    static String draw(State state) {
        var layout = Layout.of(state);
        if (layout.nodes().isEmpty()) return "<p class=\"none\">No sockets.</p>";
        var out = new StringBuilder();
        out.append(
                """
                <svg class="graph" viewBox="0 0 %d %d" role="img" aria-labelledby="graph-title graph-desc">
                <title id="graph-title">Sockets and redirects</title>
                <desc id="graph-desc">%s The table below has the same numbers.</desc>
                <defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M 0 0 L 8 4 L 0 8 z"/></marker></defs>
                """
                        .formatted(layout.width(), layout.height(), Html.text(inWords(layout))));
        layout.links().forEach(link -> draw(link, out));
        layout.nodes().forEach(node -> draw(node, out));
        return out.append("</svg>").toString();
    }

    private static String inWords(Layout layout) {
        return "%d boxes and %d arrows between them."
                .formatted(layout.nodes().size(), layout.links().size());
    }

    private static void draw(Layout.Link link, StringBuilder out) {
        out.append(
                """
                <path class="link%s" d="%s" marker-end="url(#tip)"/>
                <text class="rate" x="%d" y="%d" text-anchor="middle">%s</text>
                """
                        .formatted(
                                link.edge().ingress() ? " ingress" : "",
                                link.path(),
                                link.labelX(),
                                link.labelY(),
                                Html.text(label(link.edge()))));
    }

    private static String label(EdgeRow edge) {
        return "%s, %s"
                .formatted(
                        Quantity.byteRate(edge.bytesPerSecond()),
                        Quantity.rate(edge.messagesPerSecond()));
    }

    private static void draw(Layout.Node node, StringBuilder out) {
        out.append(
                """
                <rect class="node" x="%d" y="%d" width="%d" height="%d" rx="6"/>
                <text class="label" x="%d" y="%d" text-anchor="middle">%s</text>
                <text class="detail" x="%d" y="%d" text-anchor="middle">%s</text>
                """
                        .formatted(
                                node.x(),
                                node.y(),
                                Layout.BOX_WIDTH,
                                Layout.BOX_HEIGHT,
                                node.x() + Layout.BOX_WIDTH / 2,
                                node.y() + 17,
                                Html.text(node.label()),
                                node.x() + Layout.BOX_WIDTH / 2,
                                node.y() + 32,
                                Html.text(node.detail())));
    }
}
