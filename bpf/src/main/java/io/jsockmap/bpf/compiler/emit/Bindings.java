package io.jsockmap.bpf.compiler.emit;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;

import io.jsockmap.bpf.program.Program;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The objects that compiled code refers to: constants of its class, so that the JVM's compiler sees
 * through their calls.
 */
final class Bindings {
    /** A class file has room for 65,535 constants, and a long takes two of them. */
    private static final int MAX_LONGS = 12_000;

    private final ClassDesc owner;
    private final List<Object> objects = new ArrayList<>();
    private final List<ClassDesc> types = new ArrayList<>();
    private final IdentityHashMap<Object, Integer> places = new IdentityHashMap<>();
    private final Set<Long> longs = new HashSet<>();
    private final Map<Long, Integer> overflow = new LinkedHashMap<>();

    Bindings(ClassDesc owner) {
        this.owner = owner;
    }

    /** Pushes an object. */
    void push(CodeBuilder code, Object object, ClassDesc type) {
        int place =
                places.computeIfAbsent(
                        object,
                        _ -> {
                            objects.add(object);
                            types.add(type);
                            return objects.size() - 1;
                        });
        code.getstatic(owner, name(place), types.get(place));
    }

    void pushProgram(CodeBuilder code, Program program) {
        push(code, program, Names.PROGRAM);
    }

    /** Pushes a number; programs may have more of them than a class file has room for. */
    void push(CodeBuilder code, long number) {
        if (number == (int) number) {
            pushInt(code, (int) number);
            code.i2l();
        } else if (longs.contains(number) || longs.size() < MAX_LONGS) {
            longs.add(number);
            code.loadConstant(number);
        } else {
            int next = overflow.size();
            int place = overflow.computeIfAbsent(number, _ -> next);
            code.getstatic(owner, "numbers", Names.LONGS);
            pushInt(code, place);
            code.laload();
        }
    }

    /** Pushes a number without a constant in the class file, of which there might be too many. */
    static void pushInt(CodeBuilder code, int number) {
        if (number == (short) number) {
            code.loadConstant(number);
        } else {
            code.loadConstant(number >> 16).bipush(16).ishl();
            code.loadConstant((number & 0xffff) >>> 1).iconst_1().ishl().ior();
            if ((number & 1) != 0) code.iconst_1().ior();
        }
    }

    private static String name(int place) {
        return "bound" + place;
    }

    /** What the class is given when it is made. */
    Object[] objects() {
        var all = new ArrayList<>(objects);
        all.add(overflow.keySet().stream().mapToLong(Long::longValue).toArray());
        return all.toArray();
    }

    /** Adds the fields, and the code that fills them. */
    void addTo(ClassBuilder type) {
        int flags = ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC | ClassFile.ACC_FINAL;
        for (int i = 0; i < objects.size(); i++) type.withField(name(i), types.get(i), flags);
        type.withField("numbers", Names.LONGS, flags);
        type.withMethodBody(
                ConstantDescs.CLASS_INIT_NAME,
                ConstantDescs.MTD_void,
                ClassFile.ACC_STATIC,
                this::fill);
    }

    private void fill(CodeBuilder code) {
        var handles = Names.of(MethodHandles.class);
        var lookup = Names.of(MethodHandles.Lookup.class);
        code.invokestatic(handles, "lookup", MethodTypeDesc.of(lookup))
                .loadConstant(ConstantDescs.DEFAULT_NAME)
                .loadConstant(CD_Object.arrayType())
                .invokestatic(
                        handles,
                        "classData",
                        MethodTypeDesc.of(CD_Object, lookup, CD_String, ConstantDescs.CD_Class))
                .checkcast(CD_Object.arrayType())
                .astore(0);
        for (int i = 0; i < objects.size(); i++) {
            code.aload(0).loadConstant(i).aaload().checkcast(types.get(i));
            code.putstatic(owner, name(i), types.get(i));
        }
        code.aload(0).loadConstant(objects.size()).aaload().checkcast(Names.LONGS);
        code.putstatic(owner, "numbers", Names.LONGS).return_();
    }
}
