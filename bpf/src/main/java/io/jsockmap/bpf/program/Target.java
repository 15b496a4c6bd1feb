package io.jsockmap.bpf.program;

/**
 * Where a pointer points to, or an instruction's memory is, on all paths.
 *
 * {@snippet class="io.jsockmap.bpf.examples.VerifierExamples" region="proved"}
 */
public sealed interface Target {
    Target PACKET = new Packet();
    Target FRAME = new Frame();
    Target PLAIN = new Plain();
    Target ANY = new Any();

    /**
     * The program's context.
     *
     * @param offset bytes from its start
     */
    record Context(int offset) implements Target {}

    /**
     * A structure of the kernel. The region may have the layout of a larger one that begins with
     * it, as a {@code struct bpf_sock} does with a {@code struct sock_common}.
     *
     * @param offset bytes from its start
     */
    record Structure(io.jsockmap.bpf.program.Structure structure, int offset) implements Target {}

    /**
     * The frame of the very function that executes the instruction.
     *
     * @param offset bytes from its frame pointer, -512 to -1; an argument may also point to the
     *     frame's very end, which is 0
     */
    record Stack(int offset) implements Target {}

    /** The frame of the very function that executes the instruction, at a place that varies. */
    record Frame() implements Target {}

    /**
     * The packet: what the context gives for it, or a place in it or near it. Where there is no
     * packet that is 0, and an argument may be so; memory that an instruction touches is there.
     */
    record Packet() implements Target {}

    /**
     * Plain bytes of a region other than the packet: of a map's value or key, of memory, of a
     * record of a ring buffer, of another function's frame; it need not be the same region each
     * time.
     */
    record Plain() implements Target {}

    /** Whatever; also where no memory is touched. */
    record Any() implements Target {}
}
