package io.jsockmap.testkit.dap;

import io.jsockmap.bpf.btf.BtfValue;
import io.jsockmap.testkit.debug.View;
import io.jsockmap.testkit.record.MapState;
import io.jsockmap.testkit.record.Named;
import io.jsockmap.testkit.text.HexDump;

import java.util.ArrayList;
import java.util.List;

/**
 * Something that is shown in a tree.
 *
 * @param name its name
 * @param value its value in a line
 * @param children its parts
 */
record Node(String name, String value, List<Node> children) {
    private static final int STACK = 512;

    Node {
        children = List.copyOf(children);
    }

    private static Node leaf(String name, String value) {
        return new Node(name, value, List.of());
    }

    /** The scopes of a function in {@link View#frames}. */
    static List<Node> scopes(View view, int frame) {
        var arguments = named(view.frames().get(frame).arguments());
        List<Node> all = new ArrayList<>();
        if (!arguments.isEmpty()) all.add(new Node("Arguments", "", arguments));
        all.add(new Node("Registers", "", named(view.registers(frame))));
        all.add(new Node("Context", "", named(view.run().context())));
        all.add(new Node("Packet", "", rows(view.message(), 0)));
        all.add(new Node("Stack", "", rows(view.stack(frame), -STACK)));
        all.add(new Node("Maps", "", view.maps().stream().map(Node::of).toList()));
        all.add(new Node("Globals", "", globals(view)));
        return all;
    }

    private static List<Node> named(List<Named> all) {
        return all.stream().map(one -> leaf(one.name(), one.text())).toList();
    }

    private static List<Node> rows(byte[] bytes, int firstOffset) {
        return HexDump.rows(bytes, bytes.length, firstOffset).stream()
                .map(row -> row.split(" ", 2))
                .map(parts -> leaf(parts[0], parts[1].strip()))
                .toList();
    }

    private static List<Node> globals(View view) {
        List<Node> all = new ArrayList<>();
        for (var section : view.globals()) {
            section.entries().forEach(variable -> all.add(of(variable.key(), variable.value())));
        }
        return all;
    }

    private static Node of(MapState map) {
        var count = map.entries().size();
        return new Node(
                map.name(),
                (map.isWhole() ? "%d" : "%d and more")
                        .formatted(count)
                        .concat(count == 1 && map.isWhole() ? " entry" : " entries"),
                map.entries().stream()
                        .map(entry -> of("[%s]".formatted(entry.key()), entry.value()))
                        .toList());
    }

    private static Node of(String name, BtfValue value) {
        List<Node> parts = new ArrayList<>();
        switch (value) {
            case BtfValue.Fields(var members) ->
                    members.forEach((member, part) -> parts.add(of(member, part)));
            case BtfValue.Elements(var all) -> {
                for (var part : all) parts.add(of("[%d]".formatted(parts.size()), part));
            }
            default -> {}
        }
        return new Node(name, value.toString(), parts);
    }
}
