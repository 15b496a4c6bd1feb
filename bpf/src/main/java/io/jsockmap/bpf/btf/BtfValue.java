package io.jsockmap.bpf.btf;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Bytes as their type shows them. Printed, they are in the notation in which keys and values are
 * given: <code>{port=80, name="web"}</code>.
 *
 * {@snippet class="io.jsockmap.bpf.examples.BtfExamples" region="values"}
 */
public sealed interface BtfValue {

    /** A number; for one of no sign all 64 bits count. */
    record Numeric(long value, boolean signed) implements BtfValue {
        @Override
        public String toString() {
            return signed ? Long.toString(value) : Long.toUnsignedString(value);
        }
    }

    /** A number that need not be whole. */
    record Real(double value) implements BtfValue {
        @Override
        public String toString() {
            return Double.toString(value);
        }
    }

    /** A number that an enumeration has a name for. */
    record Constant(String name, long value) implements BtfValue {
        @Override
        public String toString() {
            return name;
        }
    }

    /** A truth value. */
    record Bool(boolean value) implements BtfValue {
        @Override
        public String toString() {
            return Boolean.toString(value);
        }
    }

    /** A pointer of a program, which means nothing outside of its run. */
    record Address(long value) implements BtfValue {
        @Override
        public String toString() {
            return "0x%x".formatted(value);
        }
    }

    /** An array of char: the text up to a zero. */
    record Text(String text) implements BtfValue {
        @Override
        public String toString() {
            return "\"%s\"".formatted(escaped());
        }

        /** On one line. */
        private String escaped() {
            return text.replace("\\", "\\\\")
                    .replace("\"", "\\\"")
                    .replace("\n", "\\n")
                    .replace("\t", "\\t");
        }
    }

    /** A structure or union: its members by name, in their order. */
    record Fields(Map<String, BtfValue> members) implements BtfValue {
        @Override
        public String toString() {
            return members.entrySet().stream()
                    .map(member -> member.getKey() + "=" + member.getValue())
                    .collect(Collectors.joining(", ", "{", "}"));
        }
    }

    /** An array. */
    record Elements(List<BtfValue> all) implements BtfValue {
        public Elements {
            all = List.copyOf(all);
        }

        @Override
        public String toString() {
            return all.stream().map(Object::toString).collect(Collectors.joining(", ", "[", "]"));
        }
    }

    /** Bytes of which no type is known. */
    record Raw(byte[] bytes) implements BtfValue {
        @Override
        public String toString() {
            return "hex:" + HexFormat.of().formatHex(bytes);
        }
    }
}
