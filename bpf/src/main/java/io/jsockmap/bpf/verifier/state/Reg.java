package io.jsockmap.bpf.verifier.state;

/**
 * What is known of a register's content, or of a slot's of the stack. Values are shared between
 * states and never change, but for a scalar's mark of precision.
 */
public sealed interface Reg permits Unreadable, Scalar, Pointer {

    /** Whether it may be read. */
    default boolean isReadable() {
        return !(this instanceof Unreadable);
    }

    /** The identity that it shares with registers of the same origin, or 0. */
    default int id() {
        return 0;
    }
}
