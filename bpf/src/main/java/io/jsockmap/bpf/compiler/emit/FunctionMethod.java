package io.jsockmap.bpf.compiler.emit;

import io.jsockmap.bpf.program.MachineLimits;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;

/** A whole function of the program as one method. */
final class FunctionMethod extends Method {
    private static final int REGISTERS = 10;

    FunctionMethod(Unit unit, Body body, CodeBuilder code) {
        super(
                unit,
                body,
                new Liveness(unit, body),
                FrameLayout.of(unit, body, true),
                body.slots(),
                code);
    }

    @Override
    boolean isEntered(int slot) {
        return body.targets().get(slot) || slot == body.start();
    }

    @Override
    void begin() {
        for (int register = 1; register <= MachineLimits.ARGUMENTS; register++) {
            code.lload(2 * register - 1).lstore(Locals.register(register));
        }
        clear(0, 6, 7, 8, 9, 10);
        for (int local : frame.locals().values()) code.lconst_0().lstore(local);
        beginCommon();
        // Where calls are too deep, that is a fault of the call: it is not caught here.
        if (frame.inMemory()) enterFrame();
    }

    @Override
    void afterBegin() {
        // Instructions that nothing jumps to may stand before the first.
        if (!body.slots().isEmpty() && body.slots().getFirst() != body.start()) {
            code.goto_(label(body.start(), body.start()));
        }
    }

    private void enterFrame() {
        code.aload(Locals.X);
        Bindings.pushInt(code, frame.used());
        callOnExecution(unit.isChecked() ? "enterChecked" : "enterFrame", Names.ENTER_FRAME);
        code.astore(Locals.STACK);
        code.aload(Locals.X);
        callOnExecution("framePointer", Names.GIVES_LONG);
        code.lstore(Locals.register(10));
    }

    @Override
    void exit() {
        if (frame.inMemory()) {
            code.aload(Locals.X);
            callOnExecution(unit.isChecked() ? "leaveChecked" : "leaveFrame", Names.NOTHING);
        }
        if (body.start() == 0 && unit.watched()) tellRegisters();
        if (body.start() == 0 && unit.hasLines()) {
            code.aload(Locals.X).iload(Locals.DECIDED);
            callOnExecution("decided", Names.TAKES_INT);
        }
        get(0);
        code.lreturn();
    }

    private void tellRegisters() {
        code.aload(Locals.X).loadConstant(REGISTERS).newarray(TypeKind.LONG);
        for (int register = 0; register < REGISTERS; register++) {
            code.dup().loadConstant(register);
            get(register);
            code.lastore();
        }
        callOnExecution("exits", Names.TAKES_LONGS);
    }

    @Override
    void leaveFor(int slot) {
        throw new IllegalStateException("instruction %d is not in %s".formatted(slot, body));
    }
}
