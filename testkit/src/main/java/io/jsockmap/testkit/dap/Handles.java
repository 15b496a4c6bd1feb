package io.jsockmap.testkit.dap;

import java.util.ArrayList;
import java.util.List;

/** Numbers by which the client asks for the children of what it was shown, until the next stop. */
final class Handles {
    private final List<Node> nodes = new ArrayList<>();

    /** A number for what has children, from 1; 0 for what has none. */
    int of(Node node) {
        if (node.children().isEmpty()) return 0;
        nodes.add(node);
        return nodes.size();
    }

    /** The children of what has that number; none if it is from before the last stop. */
    List<Node> children(int handle) {
        boolean isKnown = handle >= 1 && handle <= nodes.size();
        return isKnown ? nodes.get(handle - 1).children() : List.of();
    }

    void forget() {
        nodes.clear();
    }
}
