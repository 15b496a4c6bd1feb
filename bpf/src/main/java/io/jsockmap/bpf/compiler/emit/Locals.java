package io.jsockmap.bpf.compiler.emit;

/** Where things are among the locals of a method of compiled code. */
final class Locals {
    static final int X = 0;

    /** A piece of a function: all registers, and where it begins. */
    static final int ALL_REGISTERS = 1;

    static final int ENTRY = 2;

    /** R0 and so on, two each, up to R10. */
    private static final int REGISTERS = 11;

    static final int MEMORY = 33;

    /** The packet's bytes as a segment: for stores, and for loads in short loops. */
    static final int PACKET = 34;

    /** The address of the first of them. */
    static final int PACKET_ADDRESS = 35;

    /** Where the instruction is that may fault, from the method's first. */
    static final int SLOT = 37;

    static final int STACK = 38;

    /** The slot of the instruction that set R0 last. */
    static final int DECIDED = 39;

    static final int CONTEXT = 40;

    /** The array that the packet is in. */
    static final int PACKET_ARRAY = 41;

    /** Where in it the packet begins. */
    static final int PACKET_START = 42;

    /** Parts of the stack that are nothing but locals, two each. */
    static final int SLOTS = 43;

    private Locals() {}

    static int register(int number) {
        return REGISTERS + 2 * number;
    }
}
