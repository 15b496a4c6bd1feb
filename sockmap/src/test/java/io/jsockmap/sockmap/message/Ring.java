package io.jsockmap.sockmap.message;

import io.jsockmap.sockmap.socket.Delivery;

import java.util.ArrayList;
import java.util.List;

/**
 * The model of how a socket's messages lie in memory: lengths of elements only (S4, S5, S39, S41,
 * S42). One for each socket, as fragments go on from message to message.
 */
final class Ring {
    private static final int ELEMENTS = 17;
    private static final int FRAGMENT = 32768;
    private static final int MOST = ELEMENTS * FRAGMENT;
    private static final int PAGE = 4096;

    private final Delivery delivery;
    private final List<Integer> lengths = new ArrayList<>();

    /** Bytes of the socket's present fragment that are in use. */
    private int used = FRAGMENT;

    /** Whether the message's last byte is the last that is in use there. */
    private boolean adjacent;

    Ring(Delivery delivery) {
        this.delivery = delivery;
    }

    int total() {
        return lengths.stream().mapToInt(n -> n).sum();
    }

    boolean isFull() {
        return lengths.size() >= ELEMENTS || total() >= MOST;
    }

    int first() {
        return lengths.isEmpty() ? 0 : lengths.getFirst();
    }

    void clear() {
        lengths.clear();
        adjacent = false;
    }

    /** Adds as many bytes as fit; gives how many. */
    int append(int count) {
        int left = Math.min(count, MOST - total());
        int added = 0;
        while (left > added) {
            int some = appendSome(left - added, count - added);
            if (some == 0) break;
            added += some;
        }
        return added;
    }

    private int appendSome(int most, int offered) {
        return switch (delivery) {
            case WHOLE -> {
                add(most, !lengths.isEmpty());
                yield most;
            }
            case HOSTILE -> {
                if (isFull()) yield 0;
                int some = Math.min(most, lengths.isEmpty() ? 1 : Math.min(offered, PAGE));
                add(some, false);
                yield some;
            }
            case KERNEL -> {
                if (used == FRAGMENT) {
                    used = 0;
                    adjacent = false;
                }
                if (!adjacent && isFull()) yield 0;
                int some = Math.min(most, FRAGMENT - used);
                add(some, adjacent);
                used += some;
                adjacent = true;
                yield some;
            }
        };
    }

    private void add(int count, boolean toLast) {
        lengths.add(toLast ? lengths.removeLast() + count : count);
    }

    /** A run begins: HOSTILE shows a byte, WHOLE all. */
    void beginRun() {
        if (delivery == Delivery.HOSTILE && !isFull() && first() > 1) cut(1);
        edited();
    }

    private void edited() {
        if (delivery != Delivery.WHOLE || lengths.isEmpty()) return;
        int all = total();
        lengths.clear();
        lengths.add(all);
    }

    /** Has an element begin at an offset; gives its index. */
    private int cut(int offset) {
        int start = 0;
        int i = 0;
        while (i < lengths.size() && start + lengths.get(i) <= offset) start += lengths.get(i++);
        if (start == offset || i == lengths.size()) return i;
        lengths.add(i + 1, start + lengths.get(i) - offset);
        lengths.set(i, offset - start);
        return i + 1;
    }

    private int at(int offset) {
        int i = 0;
        for (int end = lengths.getFirst(); end <= offset; ) end += lengths.get(++i);
        return i;
    }

    void pull(int start, int end) {
        merge(at(start), at(end - 1));
    }

    private void merge(int first, int last) {
        if (first == last) return;
        if (last == lengths.size() - 1) adjacent = false;
        var touched = lengths.subList(first, last + 1);
        int all = touched.stream().mapToInt(n -> n).sum();
        touched.clear();
        lengths.add(first, all);
    }

    void push(int start, int count) {
        boolean atEnd = start == total();
        boolean inside = !atEnd && startOf(at(start)) != start;
        if (lengths.size() + (inside ? 2 : 1) > ELEMENTS) {
            int grown = atEnd ? lengths.size() - 1 : at(start);
            if (grown == lengths.size() - 1) adjacent = false;
            lengths.set(grown, lengths.get(grown) + count);
        } else {
            if (atEnd) adjacent = false;
            lengths.add(cut(start), count);
        }
        edited();
    }

    private int startOf(int element) {
        return lengths.subList(0, element).stream().mapToInt(n -> n).sum();
    }

    void pop(int start, int count) {
        if (start + count == total()) adjacent = false;
        int first = cut(start);
        lengths.subList(first, cut(start + count)).clear();
        if (lengths.size() > ELEMENTS) merge(ELEMENTS - 1, ELEMENTS);
        edited();
    }

    void take(int count) {
        lengths.subList(0, cut(count)).clear();
    }
}
