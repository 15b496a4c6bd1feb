package io.jsockmap.bpf.compiler.emit;

import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Source;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramFault;
import io.jsockmap.bpf.program.Target;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A method that is being written: a function of the program, or a piece of one. */
abstract class Method {
    private static final int NONE = -1;

    /** A class file has no greater numbers of lines. */
    private static final int MAX_LINE = 0xffff;

    /** The register that has the key of a lookup. */
    private static final int KEY = 2;

    private static final ClassDesc FAULT = Names.of(ProgramFault.class);
    private static final MethodTypeDesc FAULT_OF =
            MethodTypeDesc.of(
                    Names.THROWABLE, Names.THROWABLE, Names.PROGRAM, ConstantDescs.CD_int);
    private static final MethodTypeDesc REFUSE =
            MethodTypeDesc.of(FAULT, Names.PROGRAM, ConstantDescs.CD_int);
    private static final MethodTypeDesc REFUSE_JUMP =
            MethodTypeDesc.of(FAULT, Names.PROGRAM, ConstantDescs.CD_int, ConstantDescs.CD_long);

    final Unit unit;
    final Program program;
    final Body body;
    final FrameLayout frame;
    final CodeBuilder code;
    private final List<Integer> slots;
    private final int base;
    private final Map<Integer, Label> labels = new TreeMap<>();
    private final Map<Way, Label> elsewhere = new HashMap<>();
    private final Liveness liveness;

    /** The register whose value is on the operand stack, not in its local; or NONE. */
    private int onStack = NONE;

    /**
     * @param slots the instructions that it has
     */
    Method(
            Unit unit,
            Body body,
            Liveness liveness,
            FrameLayout frame,
            List<Integer> slots,
            CodeBuilder code) {
        this.unit = unit;
        this.program = unit.program();
        this.body = body;
        this.frame = frame;
        this.slots = slots;
        this.code = code;
        this.liveness = liveness;
        base = slots.isEmpty() ? body.start() : slots.getFirst();
        for (int slot : slots) {
            if (isEntered(slot)) labels.put(slot, code.newLabel());
        }
    }

    /** Whether an instruction is gone to from somewhere else than the one before it. */
    abstract boolean isEntered(int slot);

    /** Sets the locals. */
    abstract void begin();

    /** Returns to the caller. */
    abstract void exit();

    /** Goes on at an instruction that is not in this method; the operand stack is empty. */
    abstract void leaveFor(int slot);

    /** Writes it all. */
    final void write() {
        begin();
        // Whatever a fault meets, these have a value.
        code.iconst_0().istore(Locals.SLOT);
        var start = code.newBoundLabel();
        var instructions = new InstructionWriter(this);
        afterBegin();
        for (int k = 0; k < slots.size(); k++) {
            int next = k + 1 < slots.size() ? slots.get(k + 1) : NONE;
            write(instructions, slots.get(k), next);
        }
        if (slots.isEmpty()) refuse(body.start());
        writeElsewhere();
        writeHandler(start, code.newBoundLabel());
    }

    private void write(InstructionWriter instructions, int slot, int next) {
        var i = program.slot(slot);
        if (labels.containsKey(slot)) code.labelBinding(labels.get(slot));
        program.lineOf(slot)
                .filter(l -> l.line() > 0)
                .ifPresent(l -> code.lineNumber(l.line() & MAX_LINE));
        instructions.write(slot, i);
        int behind = slot + i.slots();
        if (Body.fallsThrough(i) && behind != next) code.goto_(label(behind, behind));
    }

    /** Whatever is thrown gets the place of the instruction. */
    private void writeHandler(Label start, Label end) {
        code.exceptionCatch(start, end, code.newBoundLabel(), Names.THROWABLE);
        unit.bindings().pushProgram(code, program);
        code.iload(Locals.SLOT);
        Bindings.pushInt(code, base);
        code.iadd();
        code.invokestatic(Names.EXECUTION, "fault", FAULT_OF).athrow();
    }

    /** Behind the locals, inside of what is guarded. */
    void afterBegin() {}

    /**
     * A way out of the method. Where it comes from is of importance only if it leads nowhere; the
     * same place as where it leads is what stands before that.
     */
    private record Way(int from, long to) {}

    private void writeElsewhere() {
        elsewhere.forEach(
                (way, label) -> {
                    code.labelBinding(label);
                    if (Body.isExecutable(program, way.to)) leaveFor((int) way.to);
                    else refuse(way);
                });
    }

    /** Where an instruction is; behind the method's code, what takes one elsewhere. */
    final Label label(int from, long to) {
        var inside = to == (int) to ? labels.get((int) to) : null;
        if (inside != null) return inside;
        boolean there = Body.isExecutable(program, to);
        return elsewhere.computeIfAbsent(new Way(there ? 0 : from, to), _ -> code.newLabel());
    }

    private void refuse(Way way) {
        if (way.from == way.to) {
            refuse(way.from);
            return;
        }
        unit.bindings().pushProgram(code, program);
        Bindings.pushInt(code, way.from);
        push(way.to);
        code.invokestatic(Names.EXECUTION, "refuse", REFUSE_JUMP).athrow();
    }

    /** Notes that the instruction may fault. */
    final void mayFault(int slot) {
        code.loadConstant(slot - base).istore(Locals.SLOT);
    }

    /** An instruction that can't be executed ends the run. */
    final void refuse(int slot) {
        unit.bindings().pushProgram(code, program);
        Bindings.pushInt(code, slot);
        code.invokestatic(Names.EXECUTION, "refuse", REFUSE).athrow();
    }

    final void get(int register) {
        if (register == onStack) onStack = NONE;
        else code.lload(Locals.register(register));
    }

    /** Pushes the low half. */
    final void getInt(int register) {
        get(register);
        code.l2i();
    }

    /** Pops what a register is to have; or leaves it, if only the next instruction wants it. */
    final void set(int slot, int register) {
        if (register == 0) noteDecision(slot);
        if (isForNext(slot)) onStack = register;
        else code.lstore(Locals.register(register));
    }

    /** Pops an int that has no sign. */
    final void setInt(int slot, int register) {
        code.i2l();
        push(0xffff_ffffL);
        code.land();
        set(slot, register);
    }

    /** A jump back is counted before it reads, with an empty stack. */
    private boolean isForNext(int slot) {
        int next = slot + program.slot(slot).slots();
        if (labels.containsKey(next) || !liveness.isForNext(slot)) return false;
        // Another piece begins with empty hands.
        boolean here = next <= slots.getLast();
        return here && !JumpWriter.isCounted(unit, next);
    }

    private void noteDecision(int slot) {
        if (body.start() != 0 || !unit.hasLines() || !liveness.mayReturn(slot)) return;
        code.loadConstant(slot - base).istore(Locals.DECIDED);
    }

    /** The slot from which slots are counted in the method. */
    final int base() {
        return base;
    }

    final void push(long number) {
        unit.bindings().push(code, number);
    }

    /** Pushes the second operand of arithmetic, as a long. */
    final void operand(Instruction i, Source source) {
        if (source == Source.REGISTER) get(i.src());
        else push(i.immediate());
    }

    /** The same as an int. */
    final void intOperand(Instruction i, Source source) {
        if (source == Source.REGISTER) getInt(i.src());
        else Bindings.pushInt(code, (int) i.immediate());
    }

    final void callOnExecution(String name, MethodTypeDesc type) {
        code.invokevirtual(Names.EXECUTION, name, type);
    }

    /** Sets registers to zero. */
    final void clear(int... registers) {
        for (int register : registers) code.lconst_0().lstore(Locals.register(register));
    }

    /** Sets the locals that are the same everywhere. */
    final void beginCommon() {
        code.aload(Locals.X).getfield(Names.EXECUTION, "memory", Names.MEMORY);
        code.astore(Locals.MEMORY);
        code.iconst_m1().istore(Locals.DECIDED);
        if (touches(Target.Context.class)) loadContext();
        loadPacket();
    }

    private void loadContext() {
        code.aload(Locals.X);
        callOnExecution("context", MethodTypeDesc.of(Names.OBJECT));
        code.astore(Locals.CONTEXT);
    }

    /** Takes the packet as it is now. */
    final void loadPacket() {
        if (!touches(Target.Packet.class)) return;
        code.aload(Locals.MEMORY)
                .invokevirtual(Names.MEMORY, "packetAddress", Names.GIVES_LONG)
                .lstore(Locals.PACKET_ADDRESS);
        code.aload(Locals.MEMORY)
                .invokevirtual(Names.MEMORY, "packet", MethodTypeDesc.of(Names.BYTE_REGION));
        code.dup()
                .invokevirtual(Names.BYTE_REGION, "window", Names.GIVES_SEGMENT)
                .astore(Locals.PACKET);
        code.dup()
                .invokevirtual(Names.BYTE_REGION, "array", Names.GIVES_BYTES)
                .astore(Locals.PACKET_ARRAY);
        code.invokevirtual(Names.BYTE_REGION, "arrayOffset", Names.GIVES_INT)
                .istore(Locals.PACKET_START);
    }

    private boolean touches(Class<? extends Target> kind) {
        return slots.stream()
                .anyMatch(
                        slot ->
                                kind.isInstance(unit.target(slot))
                                        || kind.isInstance(unit.argument(slot, KEY)));
    }
}
