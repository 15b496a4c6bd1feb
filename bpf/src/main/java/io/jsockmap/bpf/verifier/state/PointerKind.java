package io.jsockmap.bpf.verifier.state;

/** What a pointer points to, with the kernel's word for it in logs. */
public enum PointerKind {
    CONTEXT("ctx"),
    STACK("fp"),
    PACKET("pkt"),
    PACKET_END("pkt_end"),
    MAP("map_ptr"),
    MAP_KEY("map_key"),
    MAP_VALUE("map_value"),
    /** A {@link io.jsockmap.bpf.program.Structure}; its name is the word. */
    STRUCTURE("sock"),
    /** As many bytes as {@link Pointer#size} says. */
    MEMORY("mem"),
    /** The same, reserved in a ring buffer. */
    RECORD("ringbuf_mem"),
    /** A function of the program, which begins at {@link Pointer#size}. */
    FUNCTION("func"),
    /** A constant {@code struct bpf_dynptr} that a callback was given. */
    DYNPTR("dynptr_ptr");

    private final String word;

    PointerKind(String word) {
        this.word = word;
    }

    /** The kernel's word. */
    public String word() {
        return word;
    }
}
