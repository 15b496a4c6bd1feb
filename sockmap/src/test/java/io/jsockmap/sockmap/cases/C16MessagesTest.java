package io.jsockmap.sockmap.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.Limits;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Messages with a length in front: a verdict is for exactly one, however it is cut into sends. */
@ParameterizedClass
@EnumSource(Delivery.class)
@DisplayName("C16: one verdict for each message")
class C16MessagesTest extends NetworkTest {
    private UserObject object;
    private Connection source;
    private Connection target;

    C16MessagesTest(Delivery delivery) {
        super(Limits.DEFAULT, delivery);
    }

    @BeforeEach
    void load() {
        object = network.load("msg-frames");
        var targets = object.sockMap("targets");
        targets.attach(object.program("judge"), AttachType.SK_MSG_VERDICT);
        target = network.accepted();
        source = network.connected();
        object.sockMap("targets").update(1, source.socket(), UpdateFlag.ANY);
        // The target is judged by nothing: it was inserted by a map that has no programs.
        targets.detach(object.program("judge"), AttachType.SK_MSG_VERDICT);
        targets.update(0, target.socket(), UpdateFlag.ANY);
    }

    private static String message(char kind, String text) {
        int length = 3 + text.length();
        return "" + (char) (length >> 8) + (char) (length & 0xff) + kind + text;
    }

    private long judged() {
        return object.variable("judged").value();
    }

    @Test
    @DisplayName("C16, S14: three messages in one write are three runs, each with its own target")
    void threeInOne() {
        var pass = message('P', "to the peer");
        var out = message('R', "out");
        var in = message('I', "in");

        source.sends(pass + out + in).succeeds();

        assertThat(judged()).isEqualTo(3);
        assertThat(source.peer().received()).isEqualTo(pass);
        assertThat(target.peer().received()).isEqualTo(out);
        assertThat(target.reads()).isEqualTo(in);
    }

    @Test
    @DisplayName("C16, S15: one message over four writes is one run, with its target and direction")
    void oneInFour() {
        var message = message('I', "0123456789abcdefg");

        for (int i = 0; i < 20; i += 5) source.sends(message.substring(i, i + 5)).succeeds();

        assertThat(judged()).isEqualTo(1);
        assertThat(target.reads()).isEqualTo(message);
    }

    @Test
    @DisplayName("C16: messages and writes that end nowhere together, byte by byte too")
    void anyCut() {
        var stream = new StringBuilder();
        var passed = new StringBuilder();
        var redirected = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            var message = message(i % 2 == 0 ? 'P' : 'I', "x".repeat(i * i % 97));
            stream.append(message);
            (i % 2 == 0 ? passed : redirected).append(message);
        }

        for (int size : new int[] {1, 2, 3, 7, 100, 5000}) {
            for (int at = 0; at < stream.length(); at += size) {
                source.sends(stream.substring(at, Math.min(stream.length(), at + size))).succeeds();
            }
            assertThat(source.peer().received()).isEqualTo(passed.toString());
            assertThat(target.reads()).isEqualTo(redirected.toString());
        }
        assertThat(judged()).isEqualTo(6 * 40);
    }

    @Test
    @DisplayName("C16, F5: a message that is dropped takes no other with it")
    void aDropBetweenOthers() {
        var first = message('P', "first");
        var last = message('P', "last");

        source.sends(first + message('D', "dropped") + last).succeeds();
        source.sends(message('D', "dropped")).failsWith(Errno.EACCES);

        assertThat(source.peer().received()).isEqualTo(first + last);
    }
}
