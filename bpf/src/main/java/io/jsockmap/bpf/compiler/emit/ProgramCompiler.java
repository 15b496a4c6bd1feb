package io.jsockmap.bpf.compiler.emit;

import io.jsockmap.bpf.compiler.runtime.CompiledCode;
import io.jsockmap.bpf.compiler.runtime.Linkage;
import io.jsockmap.bpf.program.MachineLimits;
import io.jsockmap.bpf.program.Program;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Label;
import java.lang.classfile.attribute.SourceFileAttribute;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes a class of a program. */
public final class ProgramCompiler {
    /** HotSpot never compiles a method of more bytes (its HugeMethodLimit). */
    public static final int MAX_METHOD = 8000;

    /** About as many instructions make a method of that length. */
    public static final int LONGEST = 800;

    /** Functions of unverified programs may share code; so often it is written at most. */
    private static final int MOST_SHARED = 8;

    private static final int SHORTEST = 25;

    private final Program program;
    private final List<Body> bodies;

    /** The functions that are cut into pieces, and how many instructions these have. */
    private final Map<Integer, Integer> cut = new HashMap<>();

    private final boolean watched;

    private ProgramCompiler(Program program, boolean watched, int longest) {
        this.program = program;
        this.watched = watched;
        bodies = Body.of(program, (long) MOST_SHARED * program.code().size());
        for (var body : bodies) {
            if (body.slots().size() > longest) cut.put(body.start(), Math.max(1, longest / 2));
        }
    }

    /**
     * A program's code.
     *
     * @param type the class file
     * @param objects what its class is given when it is made
     */
    public record Compiled(byte[] type, Object[] objects) {
        /** Makes the class; it goes as soon as nobody refers to its object. */
        public CompiledCode define() {
            return Linkage.define(type, objects);
        }
    }

    /**
     * Compiles a program.
     *
     * @param watched whether it tells what it leaves in its registers
     */
    public static Compiled compile(Program program, boolean watched) {
        return compile(program, watched, LONGEST);
    }

    /**
     * The same, cutting functions that are longer.
     *
     * @param longest how many instructions a function has at most that is not cut
     */
    public static Compiled compile(Program program, boolean watched, int longest) {
        return new ProgramCompiler(program, watched, longest).compile();
    }

    /** Again and again, with shorter pieces where a method became too long. */
    private Compiled compile() {
        while (true) {
            var unit = Unit.of(className(), program, bodies, watched);
            byte[] type = ClassFile.of().build(unit.owner(), builder -> write(builder, unit));
            if (!shorten(type)) return new Compiled(type, unit.bindings().objects());
        }
    }

    private ClassDesc className() {
        var name = program.name().replaceAll("[^A-Za-z0-9_]", "_");
        return ClassDesc.of(CompiledCode.class.getPackageName(), "Program_" + name);
    }

    private boolean shorten(byte[] type) {
        boolean shortened = false;
        for (var method : ClassFile.of().parse(type).methods()) {
            int length = method.code().map(ProgramCompiler::length).orElse(0);
            if (length <= MAX_METHOD) continue;
            int start = startOf(method.methodName().stringValue());
            if (start < 0) continue;
            int pieces = cut.getOrDefault(start, 2 * LONGEST) / 2;
            if (pieces < SHORTEST) continue;
            cut.put(start, pieces);
            shortened = true;
        }
        return shortened;
    }

    private static int length(CodeModel code) {
        return ((java.lang.classfile.attribute.CodeAttribute) code).codeLength();
    }

    /** The start of the function that a method is, or is a piece of; -1 for other methods. */
    private static int startOf(String method) {
        var matcher = java.util.regex.Pattern.compile("f(\\d+)(_\\d+)?").matcher(method);
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : -1;
    }

    private void write(ClassBuilder type, Unit unit) {
        type.withSuperclass(Names.CODE).withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER);
        program.lineOf(0).ifPresent(line -> type.with(SourceFileAttribute.of(line.file())));
        type.withMethodBody(
                ConstantDescs.INIT_NAME,
                ConstantDescs.MTD_void,
                0,
                code ->
                        code.aload(0)
                                .invokespecial(
                                        Names.CODE, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
                                .return_());
        type.withMethodBody("main", Names.MAIN, ClassFile.ACC_PROTECTED, code -> main(code, unit));
        type.withMethodBody(
                "function", Names.BY_START, ClassFile.ACC_PROTECTED, code -> byStart(code, unit));
        for (var body : bodies) {
            var pieces = cut.get(body.start());
            if (pieces != null) {
                new SplitFunction(unit, body, pieces).addTo(type);
            } else {
                type.withMethodBody(
                        Unit.functionName(body.start()),
                        Names.FUNCTION,
                        ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC,
                        code -> new FunctionMethod(unit, body, code).write());
            }
        }
        unit.bindings().addTo(type);
    }

    private static void main(CodeBuilder code, Unit unit) {
        code.aload(1).lload(2).lload(4);
        for (int register = 3; register <= MachineLimits.ARGUMENTS; register++) code.lconst_0();
        code.invokestatic(unit.owner(), Unit.functionName(0), Names.FUNCTION).lreturn();
    }

    private void byStart(CodeBuilder code, Unit unit) {
        List<SwitchCase> cases = new ArrayList<>();
        List<Label> labels = new ArrayList<>();
        var starts = List.copyOf(Body.named(program));
        for (int start : starts) {
            labels.add(code.newLabel());
            cases.add(SwitchCase.of(start, labels.getLast()));
        }
        var none = code.newLabel();
        code.iload(1).lookupswitch(none, cases);
        for (int k = 0; k < starts.size(); k++) {
            code.labelBinding(labels.get(k)).aload(2);
            for (int register = 1; register <= MachineLimits.ARGUMENTS; register++)
                code.lload(1 + 2 * register);
            code.invokestatic(unit.owner(), Unit.functionName(starts.get(k)), Names.FUNCTION);
            code.lreturn();
        }
        code.labelBinding(none).lconst_0().lreturn();
    }
}
