package io.jsockmap.bpf.program;

import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation.Callee;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a kind of program may see and call. Another module supplies it: this one knows of no socket.
 *
 * {@snippet class="io.jsockmap.bpf.examples.ProgramTypeExamples" region="kfunc"}
 *
 * @param name the kernel's name in small letters, {@code sk_msg}
 * @param number the kernel's number ({@code enum bpf_prog_type})
 * @param context the structure that R1 points to at the start
 * @param helpers the helpers it may call, by number
 * @param kfuncs the functions of the kernel that it may call; a call names one by its place, from 1
 * @param results what it may return, if not anything
 * @param packetAccess what it may do with the packet's bytes by pointers
 */
public record ProgramType(
        String name,
        int number,
        ContextLayout<?> context,
        Map<Integer, Helper> helpers,
        List<Kfunc> kfuncs,
        Optional<Results> results,
        PacketAccess packetAccess) {

    public ProgramType {
        kfuncs = List.copyOf(kfuncs);
    }

    /** Results from one number to another, both legal. */
    public record Results(long min, long max) {}

    /** What a program may do with bytes of the packet. */
    public enum PacketAccess {
        /** Read them itself; helpers may not. */
        READ,
        /** Write them too, and give them to helpers. */
        WRITE
    }

    /** A type that may return anything, and write to packets. */
    public ProgramType(
            String name,
            int number,
            ContextLayout<?> context,
            Map<Integer, Helper> helpers,
            List<Kfunc> kfuncs) {
        this(name, number, context, helpers, kfuncs, Optional.empty(), PacketAccess.WRITE);
    }

    /** The same with other results. */
    public ProgramType returning(long min, long max) {
        var range = Optional.of(new Results(min, max));
        return new ProgramType(name, number, context, helpers, kfuncs, range, packetAccess);
    }

    /** The same that may only read packets. */
    public ProgramType readingPackets() {
        return new ProgramType(name, number, context, helpers, kfuncs, results, PacketAccess.READ);
    }

    /** A type that may call helpers only. */
    public ProgramType(
            String name, int number, ContextLayout<?> context, Map<Integer, Helper> helpers) {
        this(name, number, context, helpers, List.of());
    }

    /** The helper of that number, if this type may call it. */
    public Optional<Helper> helper(int number) {
        return Optional.ofNullable(helpers.get(number));
    }

    /** The helper that an instruction calls, if it calls one and this type may. */
    public Optional<Helper> called(Instruction i) {
        return i.calls(Callee.HELPER) ? helper((int) i.immediate()) : Optional.empty();
    }

    /** The function of the kernel at that place, if there is one; none is at 0. */
    public Optional<Kfunc> kfunc(long place) {
        boolean known = place >= 1 && place <= kfuncs.size();
        return known ? Optional.of(kfuncs.get((int) place - 1)) : Optional.empty();
    }

    /** The place of a function of the kernel, if this type may call it. */
    public OptionalInt placeOfKfunc(String name) {
        for (int i = 0; i < kfuncs.size(); i++) {
            if (kfuncs.get(i).name().equals(name)) return OptionalInt.of(i + 1);
        }
        return OptionalInt.empty();
    }

    @Override
    public String toString() {
        return name;
    }
}
