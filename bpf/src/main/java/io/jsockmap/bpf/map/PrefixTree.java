package io.jsockmap.bpf.map;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * Values by prefixes, as a binary tree in which only nodes stand that have a value or two branches.
 * Immutable. Nothing here is recursive: a tree may be 2048 nodes deep.
 */
final class PrefixTree {
    static final PrefixTree EMPTY = new PrefixTree(null, 0);

    /**
     * @param value null where the tree only branches
     */
    private record Node(Prefix prefix, MapValue value, Node zero, Node one) {
        Node branch(Prefix towards) {
            return towards.bit(prefix.length()) ? one : zero;
        }

        Node with(Prefix towards, Node branch) {
            return towards.bit(prefix.length())
                    ? new Node(prefix, value, zero, branch)
                    : new Node(prefix, value, branch, one);
        }

        /**
         * Whether this node's prefix is a prefix of the other.
         *
         * @param known so many bits are the same for sure: those of the node above
         */
        boolean matches(Prefix other, long known) {
            return prefix.length() <= other.length()
                    && prefix.common(other, known) == prefix.length();
        }
    }

    private final Node root;
    private final long size;

    private PrefixTree(Node root, long size) {
        this.root = root;
        this.size = size;
    }

    /** How many values there are. */
    long size() {
        return size;
    }

    /** The value of the longest prefix that this one begins with, or null. */
    MapValue longestMatch(Prefix prefix) {
        MapValue longest = null;
        long known = 0;
        for (var node = root; node != null && node.matches(prefix, known); ) {
            if (node.value != null) longest = node.value;
            known = node.prefix.length();
            boolean last = node.prefix.length() == prefix.length();
            node = last ? null : node.branch(prefix);
        }
        return longest;
    }

    /** The value of exactly this prefix, or null. */
    MapValue valueOf(Prefix prefix) {
        var node = path(prefix).peek();
        boolean found = node != null && node.prefix.length() == prefix.length();
        return found ? node.value : null;
    }

    /** The nodes whose prefix this one begins with, the longest first. */
    private Deque<Node> path(Prefix prefix) {
        Deque<Node> path = new ArrayDeque<>();
        long known = 0;
        for (var node = root; node != null && node.matches(prefix, known); ) {
            path.push(node);
            known = node.prefix.length();
            if (node.prefix.length() == prefix.length()) break;
            node = node.branch(prefix);
        }
        return path;
    }

    /** The same with a value, in the place of another if that prefix has one. */
    PrefixTree with(Prefix prefix, MapValue value) {
        var path = path(prefix);
        boolean present = !path.isEmpty() && path.peek().prefix.length() == prefix.length();
        Node node;
        long more = 1;
        if (present) {
            var old = path.pop();
            node = new Node(prefix, value, old.zero, old.one);
            if (old.value != null) more = 0;
        } else {
            var below = path.isEmpty() ? root : path.peek().branch(prefix);
            node = above(below, new Node(prefix, value, null, null));
        }
        while (!path.isEmpty()) node = path.pop().with(prefix, node);
        return new PrefixTree(node, size + more);
    }

    /** Puts a node where another one is that does not match it. */
    private static Node above(Node other, Node node) {
        if (other == null) return node;
        long common = node.prefix.common(other.prefix, 0);
        if (common == node.prefix.length()) return node.with(other.prefix, other);
        var fork = new Node(node.prefix.ofLength(common), null, null, null);
        return fork.with(node.prefix, node).with(other.prefix, other);
    }

    /** The same without the value of a prefix, which is there. */
    PrefixTree without(Prefix prefix) {
        var path = path(prefix);
        var gone = path.pop();
        var node = shortened(new Node(gone.prefix, null, gone.zero, gone.one));
        while (!path.isEmpty()) node = shortened(path.pop().with(prefix, node));
        return new PrefixTree(node, size - 1);
    }

    /** A node that has neither a value nor two branches is left out. */
    private static Node shortened(Node node) {
        boolean needed = node.value != null || node.zero != null && node.one != null;
        if (needed) return node;
        return node.zero != null ? node.zero : node.one;
    }

    /**
     * Copies of the keys, longer prefixes before those that they begin with, as the kernel does.
     */
    Iterator<byte[]> keys() {
        return new Walk(root);
    }

    /** The key behind this one in that order; the first for null and for one that is not there. */
    Optional<byte[]> following(Prefix prefix) {
        boolean found = prefix == null || prefix.isTooLong() || valueOf(prefix) == null;
        for (var keys = keys(); keys.hasNext(); ) {
            var key = keys.next();
            if (found) return Optional.of(key);
            var candidate = new Prefix(key);
            found =
                    candidate.length() == prefix.length()
                            && candidate.common(prefix, 0) == prefix.length();
        }
        return Optional.empty();
    }

    private static final class Walk implements Iterator<byte[]> {
        /**
         * @param opened whether its branches were pushed before
         */
        private record Stop(Node node, boolean opened) {}

        private final Deque<Stop> stops = new ArrayDeque<>();
        private Node next;

        Walk(Node root) {
            push(root);
            advance();
        }

        private void push(Node node) {
            if (node != null) stops.push(new Stop(node, false));
        }

        private void advance() {
            next = null;
            while (next == null && !stops.isEmpty()) {
                var stop = stops.pop();
                var node = stop.node;
                if (stop.opened) {
                    if (node.value != null) next = node;
                    continue;
                }
                stops.push(new Stop(node, true));
                push(node.one);
                push(node.zero);
            }
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public byte[] next() {
            if (next == null) throw new NoSuchElementException();
            var key = next.prefix.key().clone();
            advance();
            return key;
        }
    }
}
