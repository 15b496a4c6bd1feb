package io.jsockmap.conformance.redirect;

import io.jsockmap.bpf.map.IndexKey;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.conformance.lab.Lab;
import io.jsockmap.conformance.lab.Waiting;
import io.jsockmap.sockmap.SockmapObject;
import io.jsockmap.sockmap.map.SocketMap;
import io.jsockmap.sockmap.socket.SockmapSocket;

import java.io.IOException;

/** The object {@code flags}: one of its programs redirects all to the first place of its map. */
final class Redirection {
    static final long TO_EGRESS = 0;
    static final long TO_INGRESS = 1;

    private static final int NEVER_RAN = -1;
    private static final byte[] TARGET = IndexKey.of(0);
    private static final byte[] SOURCE = IndexKey.of(1);

    private final SockmapObject object;
    private final SocketMap map;
    private final String program;

    private Redirection(SockmapObject object, SocketMap map, String program) {
        this.object = object;
        this.map = map;
        this.program = program;
    }

    /** Of what is sent, by an sk_msg program. */
    static Redirection ofSent(boolean hash, long flags, Lab lab) {
        return of("msg", hash, flags, lab);
    }

    /** Of what is received, by an sk_skb program. */
    static Redirection ofReceived(boolean hash, long flags, Lab lab) {
        return of("skb", hash, flags, lab);
    }

    private static Redirection of(String kind, boolean hash, long flags, Lab lab) {
        var options = LoadOptions.DEFAULT.withVariable("redirect_flags", flags);
        var object = lab.load("flags", options);
        var map = object.socketMap(hash ? "hash_targets" : "targets");
        return new Redirection(object, map, kind + (hash ? "_hash" : "_map"));
    }

    /** A target is plain: it is inserted while the map has no program. */
    Redirection to(SockmapSocket target) {
        map.update(TARGET, target, UpdateFlag.ANY);
        return this;
    }

    /** A source has the program, so that it comes last. */
    Redirection from(SockmapSocket source) {
        map.attach(object.program(program), object.attachType(program).orElseThrow());
        map.update(SOURCE, source, UpdateFlag.ANY);
        return this;
    }

    /** What is a source is its own target, too. */
    Redirection toItself(SockmapSocket socket) {
        map.attach(object.program(program), object.attachType(program).orElseThrow());
        map.update(TARGET, socket, UpdateFlag.ANY);
        return this;
    }

    SocketMap map() {
        return map;
    }

    /** Waits until the program has run, and the helper has returned that. */
    void answers(int verdict) throws IOException {
        Waiting.until(() -> result() != NEVER_RAN);
        if (result() != verdict) throw new AssertionError("the helper returned " + result());
    }

    boolean hasRun() {
        return result() != NEVER_RAN;
    }

    private int result() {
        return (int) object.variable("result").value();
    }
}
