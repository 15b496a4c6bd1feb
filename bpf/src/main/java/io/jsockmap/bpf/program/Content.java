package io.jsockmap.bpf.program;

/**
 * What a field of a context holds, as the verifier tracks it.
 *
 * {@snippet class="io.jsockmap.bpf.examples.ProgramTypeExamples" region="structure"}
 */
public sealed interface Content {

    /** A number. */
    record Scalar() implements Content {}

    /** A pointer to the packet's first byte that the program can reach. */
    record PacketStart() implements Content {}

    /** A pointer behind the last one. */
    record PacketEnd() implements Content {}

    /** A pointer to a structure. */
    record Pointer(Structure structure, boolean maybeNull) implements Content {}

    Content NUMBER = new Scalar();
    Content PACKET = new PacketStart();
    Content PACKET_END = new PacketEnd();
}
