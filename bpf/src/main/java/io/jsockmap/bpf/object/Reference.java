package io.jsockmap.bpf.object;

/**
 * What an instruction of a function refers to. The slot counts from the function's start.
 *
 * {@snippet class="io.jsockmap.bpf.examples.ObjectExamples" region="references"}
 */
public sealed interface Reference {
    /** The instruction. */
    int slot();

    /** What it is, for people. */
    String text();

    /** The address of a map. */
    record ToMap(int slot, String map) implements Reference {
        @Override
        public String text() {
            return "map " + map;
        }
    }

    /** A place in a data section, in bytes. */
    record ToData(int slot, String section, int offset) implements Reference {
        @Override
        public String text() {
            return "%s + %d".formatted(section, offset);
        }
    }

    /** A function at a byte of a section, called or taken by address. */
    record ToFunction(int slot, String section, int offset) implements Reference {
        @Override
        public String text() {
            return "function at %s + %d".formatted(section, offset);
        }
    }

    /** Something of the kernel's: a function or a variable. */
    record ToKernel(int slot, String symbol, boolean weak) implements Reference {
        @Override
        public String text() {
            return symbol + (weak ? " of the kernel, weak" : " of the kernel");
        }
    }
}
