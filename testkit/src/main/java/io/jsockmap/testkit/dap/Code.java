package io.jsockmap.testkit.dap;

import io.jsockmap.bpf.program.Program;
import io.jsockmap.testkit.debug.View;

import org.eclipse.lsp4j.debug.DisassembledInstruction;
import org.eclipse.lsp4j.debug.DisassembledInstructionPresentationHint;

import java.util.ArrayList;
import java.util.List;

/** Addresses of instructions as the client has them, and what stands there. */
final class Code {
    /** As many instructions are given at once; no program of the kernel's has more. */
    private static final int MOST = 1_000_000;

    private static final int SLOT = 8;

    private Code() {}

    /** The address of an instruction: the program's number above, its place in bytes below. */
    static String address(Program program, int slot) {
        return "0x%x".formatted((long) program.id() << Integer.SIZE | (long) slot * SLOT);
    }

    /** The number of the program that an address is of. */
    static int program(String address) {
        return (int) (Long.decode(address) >>> Integer.SIZE);
    }

    /** The slot that an address is of. */
    static int slot(String address) {
        return Long.decode(address).intValue() / SLOT;
    }

    /**
     * So many instructions.
     *
     * @param from the slot to count from
     * @param skip how many instructions behind it the first is; negative for before it
     */
    static DisassembledInstruction[] list(Program program, int from, int skip, int count) {
        List<Integer> slots = new ArrayList<>();
        for (int slot = 0; slot < program.code().size(); slot++) {
            if (program.slot(slot) != null) slots.add(slot);
        }
        int first = Math.max(0, slots.indexOf(from)) + skip;
        var all = new DisassembledInstruction[Math.clamp(count, 0, MOST)];
        for (int i = 0; i < all.length; i++) {
            int place = first + i;
            boolean isThere = place >= 0 && place < slots.size();
            all[i] = isThere ? at(program, slots.get(place)) : nothing(program, place);
        }
        return all;
    }

    private static DisassembledInstruction at(Program program, int slot) {
        var shown = new DisassembledInstruction();
        shown.setAddress(address(program, slot));
        shown.setInstruction(View.print(program.slot(slot)));
        program.lineOf(slot).ifPresent(line -> shown.setLine(line.line()));
        program.debug().functions().stream()
                .filter(function -> function.start() == slot)
                .findFirst()
                .ifPresent(function -> shown.setSymbol(function.name()));
        return shown;
    }

    /** The protocol wants as many as were asked for, also where there are none. */
    private static DisassembledInstruction nothing(Program program, int place) {
        var shown = new DisassembledInstruction();
        shown.setAddress(address(program, place));
        shown.setInstruction("(nothing)");
        shown.setPresentationHint(DisassembledInstructionPresentationHint.INVALID);
        return shown;
    }
}
