package io.jsockmap.sockmap.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSockMap;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Ingress;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Frames with a length in front, each passed, dropped or redirected. */
class FramesTest extends NetworkTest {
    private UserSockMap targets;
    private Connection source;
    private Connection target;

    @BeforeEach
    void load() {
        var object = network.load("frames");
        targets = object.sockMap("targets");
        source = network.accepted();
        target = network.connected();
        // The target is a plain entry: it was inserted before the programs were attached.
        targets.update(0, target.socket(), UpdateFlag.ANY);
        targets.attach(object.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
        targets.attach(object.program("judge"), AttachType.SK_SKB_STREAM_VERDICT);
        targets.update(1, source.socket(), UpdateFlag.ANY);
    }

    /** A frame: two bytes of length, and the text, whose first letter decides. */
    static String frame(String text) {
        int length = text.length() + 2;
        return (char) (length >> 8) + "" + (char) (length & 0xff) + text;
    }

    @Test
    @DisplayName("K29: a dropped message is gone, its bytes count as read, the connection goes on")
    void drop() {
        source.peer().sends(frame("Drop me") + frame("Pass me"));

        assertThat(source.reads()).isEqualTo(frame("Pass me"));
        assertThat(source.account().receive().dropped()).isEqualTo(9);
        assertThat(source.account().receive().held()).isZero();
    }

    @Test
    @DisplayName("K20: a redirect to egress leaves through the target")
    void redirectToEgress() {
        source.peer().sends(frame("Redirect me"));

        assertThat(target.peer().received()).isEqualTo(frame("Redirect me"));
        assertThat(target.reads()).isEmpty();
        assertThat(source.reads()).isEmpty();
        assertThat(source.account().receive().redirected()).isEqualTo(13);
    }

    @Test
    @DisplayName("K19: no entry at the key drops")
    void missingTarget() {
        targets.delete(0);

        source.peer().sends(frame("R nowhere") + frame("I nowhere") + frame("P"));

        assertThat(source.reads()).isEqualTo(frame("P"));
        assertThat(source.account().receive().dropped()).isEqualTo(22);
        assertThat(target.peer().received()).isEmpty();
    }

    @Test
    @DisplayName("K7: the parser's own error reaches the application behind earlier frames")
    void damagedLength() {
        source.peer().sends(frame("P") + "\0\1");

        assertThat(source.reads()).isEqualTo(frame("P"));
        assertThat(source.outcome()).isEqualTo(new Ingress.Failed(Errno.EPROTO.number()));
    }

    @Test
    @DisplayName("K30: a source that closes takes nothing back of what waits at its target")
    void sourceClosesWhileBytesWait() {
        source.peer().sends(frame("Redirect me") + frame("In with me"));

        source.closes();

        assertThat(target.peer().received()).isEqualTo(frame("Redirect me"));
        assertThat(target.reads()).isEqualTo(frame("In with me"));
    }

    @Test
    @DisplayName("K30: a target that closes discards what waits for its reader")
    void targetClosesWhileBytesWait() {
        source.peer().sends(frame("In with me"));

        target.closes();

        assertThat(target.account().ingress().discarded()).isEqualTo(12);
        source.peer().sends(frame("P still here"));
        assertThat(source.reads()).isEqualTo(frame("P still here"));
    }
}
