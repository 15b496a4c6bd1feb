package io.jsockmap.bpf.verifier.flow;

import io.jsockmap.bpf.program.Program;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The loops of a program: sets of instructions of which each leads to each other (strongly
 * connected components, found by Tarjan's algorithm). A call leads to what comes behind it.
 */
final class Components {
    private final Program program;
    private final int[] number;
    private final int[] lowest;
    private final int[] component;
    private final Deque<Integer> open = new ArrayDeque<>();
    private final boolean[] isOpen;
    private int visited;
    private int found;

    /** An instruction whose successors are being visited. */
    private static final class Visit {
        private final int slot;
        private final int[] next;
        private int done;

        Visit(int slot, int[] next) {
            this.slot = slot;
            this.next = next;
        }
    }

    Components(Program program) {
        this.program = program;
        int size = program.code().size();
        number = new int[size];
        lowest = new int[size];
        component = new int[size];
        isOpen = new boolean[size];
        for (int slot = 0; slot < size; slot++) {
            if (program.slot(slot) != null && number[slot] == 0) visit(slot);
        }
    }

    /** The loop that the instruction at a slot is in, from 1; 0 if it is in none. */
    int of(int slot) {
        return component[slot];
    }

    private void visit(int start) {
        Deque<Visit> visits = new ArrayDeque<>();
        visits.push(enter(start));
        while (!visits.isEmpty()) {
            var visit = visits.peek();
            if (visit.done == visit.next.length) {
                visits.pop();
                leave(visit);
                if (!visits.isEmpty()) lower(visits.peek().slot, lowest[visit.slot]);
                continue;
            }
            int next = visit.next[visit.done++];
            if (number[next] == 0) visits.push(enter(next));
            else if (isOpen[next]) lower(visit.slot, number[next]);
        }
    }

    private Visit enter(int slot) {
        number[slot] = ++visited;
        lowest[slot] = visited;
        open.push(slot);
        isOpen[slot] = true;
        return new Visit(slot, ControlFlow.successors(program, slot));
    }

    private void lower(int slot, int value) {
        lowest[slot] = Math.min(lowest[slot], value);
    }

    /** If nothing before the instruction can be reached from it, it begins a component. */
    private void leave(Visit visit) {
        if (lowest[visit.slot] != number[visit.slot]) return;
        boolean loop = open.peek() != visit.slot || leadsToItself(visit);
        if (loop) found++;
        int slot;
        do {
            slot = open.pop();
            isOpen[slot] = false;
            component[slot] = loop ? found : 0;
        } while (slot != visit.slot);
    }

    private static boolean leadsToItself(Visit visit) {
        for (int next : visit.next) {
            if (next == visit.slot) return true;
        }
        return false;
    }
}
