package io.jsockmap.corpus.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/** What the generator believes at one place of a program: of registers and of the stack. */
final class Sheet {
    /** Slots of the stack that programs use, from the frame pointer down. */
    static final int SLOTS = 8;

    private static final int REGISTERS = 10;

    private final Held[] registers;
    private final Held[] slots;

    private Sheet(Held[] registers, Held[] slots) {
        this.registers = registers;
        this.slots = slots;
    }

    /** A function begins with those arguments in R1 and on. */
    static Sheet of(Held... arguments) {
        var registers = new Held[REGISTERS];
        var slots = new Held[SLOTS];
        Arrays.fill(registers, Held.Nothing.NOTHING);
        Arrays.fill(slots, Held.Nothing.NOTHING);
        System.arraycopy(arguments, 0, registers, 1, arguments.length);
        return new Sheet(registers, slots);
    }

    Sheet copy() {
        return new Sheet(registers.clone(), slots.clone());
    }

    Held register(int index) {
        return registers[index];
    }

    void set(int index, Held held) {
        registers[index] = held;
    }

    /** The slot that begins {@code -8 * (index + 1)} from the frame pointer. */
    Held slot(int index) {
        return slots[index];
    }

    void setSlot(int index, Held held) {
        slots[index] = held;
    }

    /** Registers that hold such a thing. */
    List<Integer> holding(Predicate<Held> wanted) {
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < REGISTERS; i++) if (wanted.test(registers[i])) found.add(i);
        return found;
    }

    /** Slots that hold such a thing. */
    List<Integer> slotsHolding(Predicate<Held> wanted) {
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < SLOTS; i++) if (wanted.test(slots[i])) found.add(i);
        return found;
    }

    /** A call takes R0 to R5. */
    void called() {
        for (int i = 0; i <= 5; i++) registers[i] = Held.Nothing.NOTHING;
    }

    /** The packet may have moved. */
    void forgetPacket() {
        Predicate<Held> gone = h -> h instanceof Held.Packet || h instanceof Held.PacketEnd;
        holding(gone).forEach(i -> registers[i] = Held.Nothing.NOTHING);
        slotsHolding(gone).forEach(i -> slots[i] = Held.Nothing.NOTHING);
    }

    /** Keeps what another way to the same place leaves too. */
    void join(Sheet other) {
        for (int i = 0; i < REGISTERS; i++) {
            registers[i] = join(registers[i], other.registers[i]);
        }
        for (int i = 0; i < SLOTS; i++) slots[i] = join(slots[i], other.slots[i]);
    }

    private static Held join(Held one, Held other) {
        if (one.equals(other)) return one;
        boolean numbers = one instanceof Held.Figure && other instanceof Held.Figure;
        return numbers ? Held.Figure.ANY : Held.Nothing.NOTHING;
    }

    /** Numbers that a loop changes are not known in it. */
    void blur() {
        for (int i = 0; i < REGISTERS; i++) {
            if (registers[i] instanceof Held.Figure) registers[i] = Held.Figure.ANY;
        }
        for (int i = 0; i < SLOTS; i++) {
            if (slots[i] instanceof Held.Figure) slots[i] = Held.Figure.ANY;
        }
    }
}
