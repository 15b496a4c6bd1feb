package io.jsockmap.testkit.debug;

import io.jsockmap.testkit.record.Ending.Outcome;

/**
 * Where one wants to stop, on the way forward and back.
 *
 * {@snippet class="io.jsockmap.testkit.examples.DebugExamples" region="walk"}
 */
public sealed interface Breakpoint {
    /**
     * A line of C.
     *
     * @param file the file's name, or the end of its path, or a path that ends as its name does
     */
    record AtLine(String file, int line) implements Breakpoint {
        /** Whether a file as the compiler saw it is meant. */
        boolean isOf(String name) {
            return name.equals(file)
                    || name.endsWith("/" + file)
                    || file.endsWith(name.startsWith("/") ? name : "/" + name);
        }

        @Override
        public String toString() {
            return "%s:%d".formatted(file, line);
        }
    }

    /** The start of a function. */
    record AtFunction(String name) implements Breakpoint {
        @Override
        public String toString() {
            return "function " + name;
        }
    }

    /**
     * An instruction.
     *
     * @param program the program's name; empty for any
     */
    record AtSlot(String program, int slot) implements Breakpoint {
        @Override
        public String toString() {
            return "%s*%d".formatted(program.isEmpty() ? "" : program + " ", slot);
        }
    }

    /**
     * A call of a helper, before it is made.
     *
     * @param name its name, with {@code bpf_} or without
     */
    record AtCall(String name) implements Breakpoint {
        private static final String PREFIX = "bpf_";

        /** Whether a helper of that name is meant. */
        boolean isOf(String helper) {
            return helper.equals(name) || helper.equals(PREFIX + name);
        }

        @Override
        public String toString() {
            return "helper " + name;
        }
    }

    /** The end of a run that ends so. */
    record AtVerdict(Outcome outcome) implements Breakpoint {
        @Override
        public String toString() {
            return "verdict " + outcome.word();
        }
    }
}
