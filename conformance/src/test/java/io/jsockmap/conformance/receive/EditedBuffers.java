package io.jsockmap.conformance.receive;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.conformance.lab.Lab;
import io.jsockmap.conformance.lab.Stream;
import io.jsockmap.conformance.lab.Waiting;
import io.jsockmap.sockmap.SockmapObject;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.SockMap;
import io.jsockmap.sockmap.socket.SockmapSocket;

import org.junit.jupiter.api.BeforeEach;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The object {@code skb-edit}: its verdict edits what it judges, and passes, drops or redirects it
 * to a target without a program, as is written here.
 */
abstract class EditedBuffers {
    SockmapObject object;
    SockMap sockets;
    Stream source;
    Stream target;

    @BeforeEach
    void open(Lab lab) throws Exception {
        object = lab.load("skb-edit");
        sockets = object.sockMap("targets");
        source = lab.tcp();
        target = lab.connectedTcp();
        insert(0, target.socket());
    }

    void insert(long index, SockmapSocket socket) {
        sockets.update(index, socket, UpdateFlag.ANY);
    }

    /** From now on each buffer of the source is judged. */
    void judgeBuffers() {
        judgeBuffersBy(AttachType.SK_SKB_STREAM_VERDICT);
    }

    void judgeBuffersBy(AttachType type) {
        sockets.attach(object.program("edit"), type);
        insert(1, source.socket());
    }

    /** From now on messages of that length are judged; 0: all that is there. */
    void judgeFrames(int length) {
        set("frame", length);
        sockets.attach(object.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
        judgeBuffers();
    }

    void edit(char operation, long argument) {
        edit(operation, argument, 0, 0);
    }

    void edit(char operation, long argument, long count, long flags) {
        set("edit_op", operation);
        set("argument", argument);
        set("count", count);
        set("edit_flags", flags);
    }

    void verdict(char letter) {
        set("verdict_is", letter);
    }

    void set(String variable, long value) {
        object.variable(variable).set(value);
    }

    long seen(String variable) {
        return object.variable(variable).value();
    }

    String text(String variable) {
        return Stream.text(ByteBuffer.wrap(object.variable(variable).bytes()));
    }

    /** The peer sends, and the verdict has run on it. */
    void peerSends(String text) throws IOException {
        long before = seen("runs");
        source.farSends(text);
        Waiting.until(() -> seen("runs") > before);
    }
}
