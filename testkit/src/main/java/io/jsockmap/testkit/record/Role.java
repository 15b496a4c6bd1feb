package io.jsockmap.testkit.record;

/**
 * What a program was asked for.
 *
 * {@snippet class="io.jsockmap.testkit.examples.TraceExamples" region="run"}
 */
public enum Role {
    /** How long the next message is: a stream parser. */
    PARSER,
    /** What becomes of bytes that were received. */
    RECEIVE_VERDICT,
    /** What becomes of bytes that are sent. */
    SEND_VERDICT,
    /** To take note of what a connection does. */
    CONNECTION,
    /** To go on where another run left off: a timer's callback. */
    CALLBACK,
    /** Something else. */
    OTHER
}
