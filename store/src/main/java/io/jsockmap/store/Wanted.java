package io.jsockmap.store;

import io.jsockmap.bpf.BpfException;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a map shall hold, as the store says. An entry that is malformed is noted and changes
 * nothing: what was wanted by its name before stays so.
 */
final class Wanted {
    private final Notation notation;
    private final Map<String, Element> byName = new HashMap<>();
    private final Map<ByteBuffer, TreeSet<Element>> byKey = new HashMap<>();
    private final Map<String, Rejection> rejected = new HashMap<>();

    private record Rejection(Entry entry, String reason) {}

    Wanted(Notation notation) {
        this.notation = notation;
    }

    /** The same for a map of another object. */
    Wanted in(Notation other) {
        var wanted = new Wanted(other);
        byName.values().forEach(element -> wanted.put(element.entry()));
        rejected.values().forEach(rejection -> wanted.put(rejection.entry()));
        return wanted;
    }

    /** All that is in the store. */
    void reset(List<Entry> entries) {
        var names = entries.stream().map(Entry::name).collect(Collectors.toSet());
        for (var name : List.copyOf(byName.keySet())) if (!names.contains(name)) delete(name);
        rejected.keySet().retainAll(names);
        entries.forEach(this::put);
    }

    /** Takes changes; gives the keys they are about. */
    Set<ByteBuffer> change(List<Change> changes) {
        Set<ByteBuffer> touched = new HashSet<>();
        for (var change : changes) {
            switch (change) {
                case Change.Put(var entry) -> touched.addAll(put(entry));
                case Change.Delete(var name) -> touched.addAll(delete(name));
            }
        }
        return touched;
    }

    private List<ByteBuffer> put(Entry entry) {
        try {
            var element = notation.element(entry);
            var touched = new ArrayList<>(delete(entry.name()));
            byName.put(entry.name(), element);
            byKey.computeIfAbsent(element.key(), _ -> new TreeSet<>(Element.LAST_WRITTEN))
                    .add(element);
            touched.add(element.key());
            return touched;
        } catch (BpfException e) {
            rejected.put(entry.name(), new Rejection(entry, e.explanation()));
            return List.of();
        }
    }

    private List<ByteBuffer> delete(String name) {
        rejected.remove(name);
        var element = byName.remove(name);
        if (element == null) return List.of();
        byKey.computeIfPresent(
                element.key(),
                (_, all) -> {
                    all.remove(element);
                    return all.isEmpty() ? null : all;
                });
        return List.of(element.key());
    }

    /** The keys of elements that are wanted. */
    Set<ByteBuffer> keys() {
        return byKey.keySet();
    }

    /** The element of a key; empty if there shall be none. */
    Optional<Element> element(ByteBuffer key) {
        return Optional.ofNullable(byKey.get(key)).map(TreeSet::last);
    }

    /** What is skipped, by name, and why. */
    Map<String, String> rejected() {
        return rejected.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().reason));
    }
}
