package io.jsockmap.bpf.compiler.emit;

import io.jsockmap.bpf.program.MachineLimits;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.SwitchCase;
import java.util.ArrayList;
import java.util.List;

/** A function in pieces: a method for each, and one that goes from piece to piece. */
final class SplitFunction {
    private static final int STATIC = ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC;

    /** So many pieces are told apart in one method. */
    private static final int GROUP = 256;

    private static final int DECIDED = 11;
    private static final int FRAME_POINTER = 10;

    private final Unit unit;
    private final Body body;
    private final Liveness liveness;
    private final Pieces pieces;
    private final String name;

    SplitFunction(Unit unit, Body body, int length) {
        this.unit = unit;
        this.body = body;
        liveness = new Liveness(unit, body);
        pieces = new Pieces(unit.program(), body, length);
        name = Unit.functionName(body.start());
    }

    void addTo(ClassBuilder type) {
        type.withMethodBody(name, Names.FUNCTION, STATIC, this::enter);
        for (int k = 0; k < pieces.count(); k++) {
            int piece = k;
            type.withMethodBody(
                    pieceName(k),
                    Names.PIECE,
                    STATIC,
                    code -> new PieceMethod(unit, body, liveness, pieces, piece, code).write());
        }
        for (int k = 0; k * GROUP < pieces.count(); k++) {
            int group = k;
            type.withMethodBody(groupName(k), Names.PIECE, STATIC, code -> dispatch(code, group));
        }
    }

    private String pieceName(int piece) {
        return name + "_" + piece;
    }

    private String groupName(int group) {
        return name + "_group" + group;
    }

    /** Locals: the execution, R1 to R5; all registers at 11, where to go on at 12. */
    private void enter(CodeBuilder code) {
        int registers = 11;
        int next = 12;
        var frame = FrameLayout.of(unit, body, false);
        boolean checked = unit.isChecked();
        code.aload(Locals.X);
        code.invokevirtual(Names.EXECUTION, "enterRegisters", Names.GIVES_LONGS);
        code.astore(registers);
        for (int register = 1; register <= MachineLimits.ARGUMENTS; register++) {
            code.aload(registers).loadConstant(register).lload(2 * register - 1).lastore();
        }
        if (frame.inMemory()) {
            code.aload(Locals.X);
            Bindings.pushInt(code, frame.used());
            code.invokevirtual(
                    Names.EXECUTION, checked ? "enterChecked" : "enterFrame", Names.ENTER_FRAME);
            code.pop();
            code.aload(registers).loadConstant(FRAME_POINTER).aload(Locals.X);
            code.invokevirtual(Names.EXECUTION, "framePointer", Names.GIVES_LONG).lastore();
        }
        Bindings.pushInt(code, pieces.codeOf(body.start()));
        code.istore(next);
        var loop = code.newBoundLabel();
        goOn(code, registers, next);
        code.istore(next).iload(next).ifge(loop);
        if (frame.inMemory()) {
            code.aload(Locals.X);
            code.invokevirtual(
                    Names.EXECUTION, checked ? "leaveChecked" : "leaveFrame", Names.NOTHING);
        }
        if (body.start() == 0 && unit.watched()) {
            code.aload(Locals.X).aload(registers);
            code.invokevirtual(Names.EXECUTION, "exits", Names.TAKES_LONGS);
        }
        if (body.start() == 0 && unit.hasLines()) {
            code.aload(Locals.X).aload(registers).loadConstant(DECIDED).laload().l2i();
            code.invokevirtual(Names.EXECUTION, "decided", Names.TAKES_INT);
        }
        code.aload(Locals.X);
        code.invokevirtual(Names.EXECUTION, "leaveRegisters", Names.NOTHING);
        code.aload(registers).iconst_0().laload().lreturn();
    }

    /** Runs the group of pieces that has the next one. */
    private void goOn(CodeBuilder code, int registers, int next) {
        int groups = (pieces.count() + GROUP - 1) / GROUP;
        var done = code.newLabel();
        List<SwitchCase> cases = new ArrayList<>();
        List<Label> labels = new ArrayList<>();
        for (int k = 0; k < groups; k++) {
            labels.add(code.newLabel());
            cases.add(SwitchCase.of(k, labels.get(k)));
        }
        code.iload(next);
        Bindings.pushInt(code, Pieces.MAX_ENTRIES * GROUP);
        code.idiv().tableswitch(0, groups - 1, labels.getFirst(), cases);
        for (int k = 0; k < groups; k++) {
            code.labelBinding(labels.get(k));
            code.aload(Locals.X).aload(registers).iload(next);
            code.invokestatic(unit.owner(), groupName(k), Names.PIECE).goto_(done);
        }
        code.labelBinding(done);
    }

    private void dispatch(CodeBuilder code, int group) {
        int first = group * GROUP;
        int last = Math.min(pieces.count(), first + GROUP) - 1;
        List<SwitchCase> cases = new ArrayList<>();
        List<Label> labels = new ArrayList<>();
        for (int k = first; k <= last; k++) {
            labels.add(code.newLabel());
            cases.add(SwitchCase.of(k, labels.getLast()));
        }
        code.iload(Locals.ENTRY);
        Bindings.pushInt(code, Pieces.MAX_ENTRIES);
        code.idiv().tableswitch(first, last, labels.getFirst(), cases);
        for (int k = first; k <= last; k++) {
            code.labelBinding(labels.get(k - first));
            code.aload(Locals.X).aload(Locals.ALL_REGISTERS).iload(Locals.ENTRY);
            Bindings.pushInt(code, Pieces.MAX_ENTRIES);
            code.irem().invokestatic(unit.owner(), pieceName(k), Names.PIECE).ireturn();
        }
    }
}
