package io.jsockmap.sockmap.socket;

import io.jsockmap.bpf.program.Program;

import java.util.StringJoiner;

/**
 * The programs of a map: those that an entry brought to its socket, or those that run on a socket.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.MapExamples" region="entries"}
 *
 * @param msg judges what is sent, or null
 * @param parser finds the messages in what is received, or null
 * @param streamVerdict judges what is received, or null
 * @param skbVerdict judges what is received, or null; never together with a stream verdict
 */
public record Inherited(Program msg, Program parser, Program streamVerdict, Program skbVerdict) {

    /** Nothing. */
    public static final Inherited NONE = new Inherited(null, null, null, null);

    /** Whether there is none. */
    public boolean isEmpty() {
        return msg == null && parser == null && verdict() == null;
    }

    /** The program that judges what is received, or null. */
    public Program verdict() {
        return streamVerdict != null ? streamVerdict : skbVerdict;
    }

    /** Whether the verdict runs on messages, and not on pieces as they come. */
    public boolean isFramed() {
        return parser != null && streamVerdict != null;
    }

    /** The programs by name, or that there are none. */
    public String describe() {
        var all = new StringJoiner(", ").setEmptyValue("no program");
        if (msg != null) all.add("sk_msg=" + msg.name());
        if (parser != null) all.add("parser=" + parser.name());
        if (verdict() != null) all.add("verdict=" + verdict().name());
        return all.toString();
    }
}
