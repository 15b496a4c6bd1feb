package io.jsockmap.bpf.compiler.emit;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.SwitchCase;
import java.util.ArrayList;
import java.util.List;

/**
 * A piece of a function that is too long for one method. Registers come in an array and go back
 * into it; what is returned is where to go on.
 */
final class PieceMethod extends Method {
    private static final int DECIDED = 11;
    private static final int REGISTERS = 11;

    private final Pieces pieces;
    private final int number;
    private final Label leave;

    PieceMethod(
            Unit unit, Body body, Liveness liveness, Pieces pieces, int number, CodeBuilder code) {
        this.pieces = pieces;
        this.number = number;
        super(unit, body, liveness, FrameLayout.of(unit, body, false), pieces.slots(number), code);
        leave = code.newLabel();
    }

    @Override
    boolean isEntered(int slot) {
        return body.targets().get(slot) || pieces.isEntry(slot);
    }

    @Override
    void begin() {
        for (int register = 0; register < REGISTERS; register++) {
            code.aload(Locals.ALL_REGISTERS).loadConstant(register).laload();
            code.lstore(Locals.register(register));
        }
        beginCommon();
        code.aload(Locals.ALL_REGISTERS).loadConstant(DECIDED).laload().l2i();
        Bindings.pushInt(code, base());
        code.isub().istore(Locals.DECIDED);
        if (frame.inMemory()) {
            code.aload(Locals.X);
            callOnExecution("frame", Names.GIVES_BYTES);
            code.astore(Locals.STACK);
        }
    }

    @Override
    void afterBegin() {
        List<SwitchCase> cases = new ArrayList<>();
        var entries = pieces.entries(number);
        for (int k = 0; k < entries.size(); k++) {
            cases.add(SwitchCase.of(k, label(base(), entries.get(k))));
        }
        var none = code.newLabel();
        code.iload(Locals.ENTRY).tableswitch(0, cases.size() - 1, none, cases);
        code.labelBinding(leave);
        for (int register = 0; register < REGISTERS - 1; register++) {
            code.aload(Locals.ALL_REGISTERS).loadConstant(register);
            get(register);
            code.lastore();
        }
        code.aload(Locals.ALL_REGISTERS).loadConstant(DECIDED).iload(Locals.DECIDED);
        Bindings.pushInt(code, base());
        code.iadd().i2l().lastore();
        code.iload(Locals.ENTRY).ireturn();
        code.labelBinding(none);
        refuse(base());
    }

    @Override
    void exit() {
        code.iconst_m1().istore(Locals.ENTRY).goto_(leave);
    }

    @Override
    void leaveFor(int slot) {
        Bindings.pushInt(code, pieces.codeOf(slot));
        code.istore(Locals.ENTRY).goto_(leave);
    }
}
