package io.jsockmap.bpf.btf;

import java.util.List;

/**
 * A type of the BPF Type Format (the kernel's documentation, "BTF"). Types refer by number.
 *
 * {@snippet class="io.jsockmap.bpf.examples.BtfExamples" region="types"}
 */
public sealed interface BtfType {

    /** Its name, empty where it has none. */
    String name();

    /** Number 0. */
    record Nothing() implements BtfType {
        @Override
        public String name() {
            return "void";
        }
    }

    /**
     * An integer; size in bytes. It may be said to be a character, and to be narrower than its
     * bytes: then it lies at a bit of them.
     */
    record Int(
            String name,
            int size,
            boolean signed,
            boolean bool,
            boolean character,
            int bitOffset,
            int bits)
            implements BtfType {
        /** One that fills its bytes, and is no character. */
        public Int(String name, int size, boolean signed, boolean bool) {
            this(name, size, signed, bool, false, 0, size * Byte.SIZE);
        }
    }

    /** A floating-point number; size in bytes. */
    record Floating(String name, int size) implements BtfType {}

    record Pointer(int target) implements BtfType {
        @Override
        public String name() {
            return "";
        }
    }

    /** An array; the type of its indexes tells nothing of its layout. */
    record Array(int element, int index, int count) implements BtfType {
        @Override
        public String name() {
            return "";
        }
    }

    /** A struct or union; size in bytes. */
    record Struct(String name, int size, List<Member> members, boolean union) implements BtfType {}

    /** A member; its place in bits from the start, its width in bits or 0 if it is no bit-field. */
    record Member(String name, int type, int bitOffset, int bitWidth) {}

    /** An enumeration of 32 or 64 bits; size in bytes. */
    record Enumeration(String name, int size, boolean signed, List<Constant> constants)
            implements BtfType {}

    record Constant(String name, long value) {}

    /** A struct or union of which no more than the name is known. */
    record Forward(String name, boolean union) implements BtfType {}

    record Typedef(String name, int target) implements BtfType {}

    /** The same type for all that concerns layout; only a tag has a name. */
    record Modifier(Kind kind, String name, int target) implements BtfType {
        /** What may be said of a type. */
        public enum Kind {
            VOLATILE,
            CONST,
            RESTRICT,
            TYPE_TAG
        }
    }

    record Function(String name, int prototype, Linkage linkage) implements BtfType {}

    record Prototype(int result, List<Parameter> parameters) implements BtfType {
        @Override
        public String name() {
            return "";
        }
    }

    record Parameter(String name, int type) {}

    record Variable(String name, int type, Linkage linkage) implements BtfType {}

    /** A section's variables. */
    record DataSection(String name, int size, List<Placed> variables) implements BtfType {}

    /** A variable, or an external function, at its offset in the section; size in bytes. */
    record Placed(int type, int offset, int size) {}

    /** A note on a declaration, or on the part of it of that number; -1 for the whole. */
    record DeclarationTag(String name, int target, int part) implements BtfType {}

    enum Linkage {
        STATIC,
        GLOBAL,
        EXTERNAL
    }
}
