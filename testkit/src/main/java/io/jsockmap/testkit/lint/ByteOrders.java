package io.jsockmap.testkit.lint;

import io.jsockmap.bpf.insn.AluOp;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.JumpOp;
import io.jsockmap.bpf.insn.Operation.Alu;
import io.jsockmap.bpf.insn.Operation.Jump;
import io.jsockmap.bpf.insn.Operation.Store;
import io.jsockmap.bpf.insn.Operation.Swap;
import io.jsockmap.bpf.insn.Source;
import io.jsockmap.testkit.lint.flow.Ports;
import io.jsockmap.testkit.lint.flow.State;
import io.jsockmap.testkit.lint.flow.Value.Constant;
import io.jsockmap.testkit.lint.flow.Value.Field;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;

/**
 * Ports and addresses that are taken in the wrong byte order. Only what can be told from the bits
 * that may be set at all is reported, so what a compiler makes of a right comparison is right.
 */
final class ByteOrders implements Check {
    private static final long PORTS = 0xffff;
    private static final long LOW = 0xffff_ffffL;

    private static final Set<JumpOp> ORDERINGS =
            EnumSet.of(JumpOp.JGT, JumpOp.JGE, JumpOp.JLT, JumpOp.JLE);

    private static final Set<String> ADDRESSES = Set.of("local_ip4", "remote_ip4");

    @Override
    public void look(Subjects object, Findings findings) {
        for (var subject : object.all()) {
            // Code that takes a port apart by bytes stores halves that are always 0, rightly.
            var takenApart = new HashSet<String>();
            subject.flow().walk((_, i, before) -> noteShift(i, before, takenApart));
            subject.flow()
                    .walk(
                            (slot, i, before) -> {
                                compare(subject, slot, i, before, findings);
                                cut(subject, slot, i, before, takenApart, findings);
                            });
        }
    }

    private static void noteShift(Instruction i, State before, Set<String> takenApart) {
        if (!(i.operation() instanceof Alu(AluOp op, int _, Source _))) return;
        boolean shifts = op == AluOp.RSH;
        if (shifts && before.register(i.dst()) instanceof Field field) takenApart.add(field.name());
    }

    private static void compare(
            Subject subject, int slot, Instruction i, State before, Findings findings) {
        if (!(i.operation() instanceof Jump(JumpOp op, int bits, Source source))) return;
        var one = before.register(i.dst());
        var other =
                source == Source.REGISTER
                        ? before.register(i.src())
                        : new Constant(bits == 32 ? i.immediate() & LOW : i.immediate(), slot);
        if (one instanceof Field a && other instanceof Field b) {
            twoPorts(subject, slot, op, a, b, findings);
        } else if (one instanceof Field field && other.constant().isPresent()) {
            number(subject, slot, op, field, other.constant().getAsLong(), findings);
        } else if (other instanceof Field field && one.constant().isPresent()) {
            number(subject, slot, op, field, one.constant().getAsLong(), findings);
        }
    }

    private static boolean isEquality(JumpOp op) {
        return op == JumpOp.JEQ || op == JumpOp.JNE;
    }

    private static void twoPorts(
            Subject subject, int slot, JumpOp op, Field a, Field b, Findings findings) {
        boolean ports = Ports.isPort(a) && Ports.isPort(b) && a.mask() != 0 && b.mask() != 0;
        if (!ports || !isEquality(op) || (a.mask() & b.mask()) != 0) return;
        findings.add(
                Rule.PORT_BYTE_ORDER,
                Severity.WARNING,
                subject,
                slot,
                "%s and %s are never equal: one has its port in the lower 16 bits, the other in the upper."
                        .formatted(a.text(), b.text()));
    }

    private static void number(
            Subject subject, int slot, JumpOp op, Field field, long number, Findings findings) {
        if (Ports.isPort(field)) port(subject, slot, op, field, number, findings);
        if (ADDRESSES.contains(field.name()) && isEquality(op)) {
            address(subject, slot, field, number & LOW, findings);
        }
    }

    private static void port(
            Subject subject, int slot, JumpOp op, Field field, long number, Findings findings) {
        if (number == 0 || field.mask() == 0) return;
        if (isEquality(op) && (number & ~field.mask()) != 0) {
            findings.add(
                    Rule.PORT_BYTE_ORDER,
                    Severity.WARNING,
                    subject,
                    slot,
                    "%s never equals %s: %s.".formatted(field.text(), text(number), shape(field)));
        }
        boolean small = number > 0 && number <= PORTS && (field.mask() & PORTS) == 0;
        if (ORDERINGS.contains(op) && small) {
            findings.add(
                    Rule.PORT_BYTE_ORDER,
                    Severity.WARNING,
                    subject,
                    slot,
                    "%s is beyond %s for every port: %s."
                            .formatted(field.text(), text(number), shape(field)));
        }
    }

    private static String text(long number) {
        long turned = Integer.toUnsignedLong(Integer.reverseBytes((int) number));
        if (number <= PORTS) return Long.toString(number);
        return turned <= PORTS
                ? "0x%x (%d swapped)".formatted(number & LOW, turned)
                : "0x%x".formatted(number & LOW);
    }

    private static String shape(Field field) {
        return field.name().equals(Ports.REMOTE)
                ? "remote_port has the port in network order, in its upper 16 bits"
                : "local_port has the port in host order, in its lower 16 bits";
    }

    /** Whether bits are taken of a port of which none can be set. */
    private static void cut(
            Subject subject,
            int slot,
            Instruction i,
            State before,
            Set<String> takenApart,
            Findings findings) {
        int kept;
        int register;
        switch (i.operation()) {
            case Swap swap -> {
                kept = swap.width();
                register = i.dst();
            }
            case Store(int size, Source source) when source == Source.REGISTER -> {
                kept = size * Byte.SIZE;
                register = i.src();
            }
            default -> {
                return;
            }
        }
        if (kept >= Integer.SIZE || !(before.register(register) instanceof Field field)) return;
        boolean always0 = field.mask() != 0 && (field.mask() & (1L << kept) - 1) == 0;
        if (!Ports.isPort(field) || !always0 || takenApart.contains(field.name())) return;
        findings.add(
                Rule.PORT_BYTE_ORDER,
                Severity.WARNING,
                subject,
                slot,
                "The lower %d bits of %s are always 0: %s."
                        .formatted(kept, field.text(), shape(field)));
    }

    private static void address(
            Subject subject, int slot, Field field, long number, Findings findings) {
        // Of a part of an address only its place tells which it is.
        if (field.text().contains("<<") || field.text().contains(">>")) return;
        boolean swapped = field.text().contains("bpf_ntohl(");
        long turned = Integer.toUnsignedLong(Integer.reverseBytes((int) number));
        // As an address is read: its first byte uppermost.
        long read = swapped ? number : turned;
        long meant = swapped ? turned : number;
        if (isFamiliar(read) || !isFamiliar(meant)) return;
        findings.add(
                Rule.ADDRESS_BYTE_ORDER,
                Severity.WARNING,
                subject,
                slot,
                "%s is compared with %s here, which read the other way round is %s."
                        .formatted(field.text(), dotted(read), dotted(meant)));
    }

    /** Loopback, private and link-local addresses. */
    private static boolean isFamiliar(long address) {
        long first = address >> 24;
        long second = address >> 16 & 0xff;
        return first == 127
                || first == 10
                || first == 192 && second == 168
                || first == 172 && second >= 16 && second < 32
                || first == 169 && second == 254;
    }

    private static String dotted(long address) {
        return "%d.%d.%d.%d"
                .formatted(
                        address >> 24 & 0xff,
                        address >> 16 & 0xff,
                        address >> 8 & 0xff,
                        address & 0xff);
    }
}
