package io.jsockmap.testkit.dap;

import io.jsockmap.bpf.program.Program;
import io.jsockmap.testkit.debug.View;

import org.eclipse.lsp4j.debug.DisassembledInstruction;
import org.eclipse.lsp4j.debug.DisassembledInstructionPresentationHint;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

    /**
     * What an address is of.
     *
     * @param program the number of the program
     * @param slot the place in it; there may be none of that number
     */
    record Place(int program, int slot) {
        /** The address that a client gives as a reference and an offset in bytes, if it is one. */
        static Optional<Place> of(String reference, Integer offset) {
            try {
                long address = Long.decode(reference) + (offset == null ? 0 : offset);
                return Optional.of(
                        new Place((int) (address >>> Integer.SIZE), (int) address / SLOT));
            } catch (NumberFormatException _) {
                return Optional.empty();
            }
        }
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
        long first = Math.max(0, slots.indexOf(from)) + (long) skip;
        var all = new DisassembledInstruction[Math.clamp(count, 0, MOST)];
        for (int i = 0; i < all.length; i++) {
            long place = first + i;
            boolean isThere = place >= 0 && place < slots.size();
            all[i] = isThere ? at(program, slots.get((int) place)) : nothing(program, (int) place);
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
