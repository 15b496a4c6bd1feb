package io.jsockmap.sockmap;

/**
 * What one engine can do and another can't. Whoever depends on it asks {@link
 * SockmapEngine#capabilities} and says so, instead of failing in silence.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.EngineExamples" region="choose"}
 */
public enum Capability {
    /** Each verdict can be listened to, with the bytes it was given on. */
    VERDICTS("tells each verdict"),
    /** Programs can be watched while they run: traces, coverage, the debugger. */
    WATCHED_RUNS("shows the inside of runs"),
    /** A program's bad access ends its run with a message, and time can be anything. */
    FAULTS("tells a program's faults"),
    /** Sockets keep to {@code FullTarget}: a full target stops its source. */
    BACK_PRESSURE("stops the source of a full target"),
    /** Bytes are carried without entering the JVM. */
    OFFLOAD("carries bytes past the JVM"),
    /** Objects live on in a file system, and are found by other processes. */
    PINS("shares objects with other processes"),
    /** Every state of a TCP connection is told, those behind its close too. */
    TCP_STATES("sees every state of TCP"),
    /** Programs hear of sockets that belong to other processes. */
    ALL_PROCESSES("reaches sockets of other processes");

    private final String text;

    Capability(String text) {
        this.text = text;
    }

    /** A few words that end the sentence "the engine …". */
    public String text() {
        return text;
    }
}
