package io.jsockmap.corpus.fuzz;

/** What the generator believes of a register or a slot of the stack; roughly, so often wrongly. */
sealed interface Held {
    /** Nothing that may be read. */
    enum Nothing implements Held {
        NOTHING
    }

    /**
     * A number.
     *
     * @param most the greatest it can be, unsigned; -1 if that is not known
     */
    record Figure(long most) implements Held {
        static final Figure ANY = new Figure(-1);

        boolean isBelow(long limit) {
            return most >= 0 && most < limit;
        }
    }

    /** The context. */
    record Context() implements Held {}

    /**
     * Where the packet's bytes begin, or some bytes behind.
     *
     * @param range how many bytes from here on a comparison has shown
     */
    record Packet(int range) implements Held {}

    /** Where the packet ends. */
    record PacketEnd() implements Held {}

    /**
     * So many bytes: of a map's value, of a record of a ring buffer, of a caller's stack.
     *
     * @param record whether it must be given back
     */
    record Memory(int size, boolean nullable, boolean record) implements Held {}

    /** A pointer into the own stack, by its distance from the frame pointer. */
    record Stack(int offset) implements Held {}

    /** A socket. */
    record Socket(boolean nullable) implements Held {}

    default boolean isPointer() {
        return !(this instanceof Nothing) && !(this instanceof Figure);
    }
}
