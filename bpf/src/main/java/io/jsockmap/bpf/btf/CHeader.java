package io.jsockmap.bpf.btf;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.MalformedObjectException;
import io.jsockmap.bpf.btf.BtfType.Array;
import io.jsockmap.bpf.btf.BtfType.Enumeration;
import io.jsockmap.bpf.btf.BtfType.Forward;
import io.jsockmap.bpf.btf.BtfType.Modifier;
import io.jsockmap.bpf.btf.BtfType.Pointer;
import io.jsockmap.bpf.btf.BtfType.Prototype;
import io.jsockmap.bpf.btf.BtfType.Struct;
import io.jsockmap.bpf.btf.BtfType.Typedef;

import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;

/**
 * Types as a C header, in which each stands behind those that it needs, laid out by a compiler as
 * they are here: what is known as {@code vmlinux.h} where they are a kernel's.
 *
 * {@snippet class="io.jsockmap.bpf.examples.BtfExamples" region="header"}
 */
public final class CHeader {
    private static final String HEAD =
            """
            #ifndef __VMLINUX_H__
            #define __VMLINUX_H__

            #ifndef BPF_NO_PRESERVE_ACCESS_INDEX
            #pragma clang attribute push (__attribute__((preserve_access_index)), apply_to = record)
            #endif

            """;
    private static final String TAIL =
            """
            #ifndef BPF_NO_PRESERVE_ACCESS_INDEX
            #pragma clang attribute pop
            #endif

            #endif /* __VMLINUX_H__ */
            """;

    /** Names that every compiler knows, and that can't be given again. */
    private static final String COMPILERS = "__builtin_";

    /** Deeper than types of any program are; of others the stack must not run out. */
    private static final int MAX_DEPTH = 500;

    /** Five times what a kernel with all that it can have asks for. */
    private static final int MAX_NEEDS = 1 << 24;

    private final Btf types;
    private final CText c;
    private final StringBuilder text = new StringBuilder(HEAD);
    private final Set<Need> path = new HashSet<>();
    private final Set<String> declared = new HashSet<>();
    private final BitSet typedefs = new BitSet();

    private int needs;

    /** The struct or typedef that is about to be written. */
    private int within;

    /**
     * What must stand before something else.
     *
     * @param whole whether its members must be known, and not only that it is there
     */
    private record Need(int id, boolean whole) {}

    private CHeader(Btf types) {
        this.types = types;
        c = new CText(types);
    }

    /**
     * The header of all types that have a name, and of constants without one.
     *
     * @throws MalformedObjectException if C can't say it: a type that needs itself
     * @throws BpfException E2BIG if a struct has megabytes between its members
     */
    public static String of(Btf types) {
        var header = new CHeader(types);
        header.writeTypes();
        header.writeConstants();
        return header.text.append(TAIL).toString();
    }

    private void writeTypes() {
        for (int id = 1; id < types.size(); id++) {
            switch (types.type(id)) {
                case Typedef _, Forward _ -> need(id, true);
                case Struct _, Enumeration _ -> {
                    if (!types.type(id).name().isEmpty()) need(id, true);
                }
                default -> {}
            }
        }
    }

    /** Enumerations without a name that no type uses: programs use their constants. */
    private void writeConstants() {
        for (int id = 1; id < types.size(); id++) {
            if (types.type(id) instanceof Enumeration && !c.isDefined(id)) write(c.definition(id));
        }
    }

    private void write(String statement) {
        text.append(statement).append(";\n\n");
    }

    private void need(int id, boolean whole) {
        var need = new Need(id, whole);
        if (path.size() > MAX_DEPTH || ++needs > MAX_NEEDS || !path.add(need)) {
            throw new MalformedObjectException(
                    ".BTF", 0, "type %d needs itself in C, or too many others".formatted(id));
        }
        switch (types.type(id)) {
            case Struct struct -> needStruct(id, struct, whole);
            case Forward _ -> declare(id);
            case Enumeration enumeration -> {
                if (!enumeration.name().isEmpty()) define(id);
            }
            case Typedef typedef -> needTypedef(id, typedef, whole);
            case Modifier modifier -> need(modifier.target(), whole);
            case Pointer(int target) -> need(target, false);
            case Array array -> need(array.element(), true);
            case Prototype prototype -> {
                need(prototype.result(), false);
                prototype.parameters().forEach(parameter -> need(parameter.type(), false));
            }
            default -> {}
        }
        path.remove(need);
    }

    private void needStruct(int id, Struct struct, boolean whole) {
        boolean named = !struct.name().isEmpty();
        if (c.isDefined(id) && named) return;
        if (named && !whole) {
            // What it says of itself needs no more than its beginning.
            if (id != within) declare(id);
            return;
        }
        int outer = within;
        if (named) within = id;
        struct.members().forEach(member -> need(member.type(), true));
        within = outer;
        if (named) define(id);
    }

    private void needTypedef(int id, Typedef typedef, boolean whole) {
        if (typedefs.get(id) && !whole) return;
        int outer = within;
        within = id;
        need(typedef.target(), whole);
        within = outer;
        // What it needed may have needed it.
        if (typedefs.get(id) || typedef.name().startsWith(COMPILERS)) return;
        typedefs.set(id);
        write(c.typedef(id));
    }

    private void define(int id) {
        if (c.isDefined(id)) return;
        declared.add(c.tag(id));
        write(c.definition(id));
    }

    private void declare(int id) {
        var tag = c.tag(id);
        if (declared.add(tag)) write(tag);
    }
}
