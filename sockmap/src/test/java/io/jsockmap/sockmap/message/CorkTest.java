package io.jsockmap.sockmap.message;

import static io.jsockmap.sockmap.message.Part.drop;
import static io.jsockmap.sockmap.message.Part.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Sending;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.Ingress;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Messages that are held (bpf_msg_cork_bytes): what the account has of them, and their losses. */
@ParameterizedClass
@EnumSource(Delivery.class)
class CorkTest extends ScriptTest {
    private static final String TEXT = Bytes.pattern(27);

    CorkTest(Delivery delivery) {
        super(delivery);
    }

    private void sends(int times) {
        for (int i = 0; i < times; i++) source.sends(TEXT).succeeds();
    }

    private String received() {
        return source.peer().received();
    }

    // --- How long a message is held --------------------------------------------------------------

    @Test
    @DisplayName("S18, C30: cork 54 and sends of 27: two and two are judged, and sent, together")
    void twoAndTwo() {
        script.plays(run().cork(54));

        sends(1);
        assertThat(received()).isEmpty();
        assertThat(source.account().corked()).isEqualTo(27);
        sends(1);
        assertThat(received()).isEqualTo(TEXT + TEXT);
        sends(2);

        assertThat(received()).isEqualTo(TEXT + TEXT);
        assertThat(script.sizes()).containsExactly(27, 54, 27, 54);
        assertThat(source.account().corked()).isZero();
    }

    // --- What the verdict of a cork means --------------------------------------------------------

    @Test
    @DisplayName("S19, S32: a drop behind the cork drops all, and the send that completed it fails")
    void dropBehindACork() {
        script.plays(run().cork(54), drop(), run());

        sends(1);
        source.sends(TEXT).failsWith(Errno.EACCES);
        sends(1);

        assertThat(script.sizes()).containsExactly(27, 54, 27);
        assertThat(received()).isEqualTo(TEXT);
        assertThat(source.account().send().dropped()).isEqualTo(54);
    }

    @Test
    @DisplayName("S22, F40: with apply smaller than the message the rest is the cork")
    void theRestIsTheCork() {
        script.plays(run().cork(54).apply(10), run(), run(), run().cork(0).apply(0));

        assertThat(source.sends(TEXT).accepted()).isEqualTo(27);
        assertThat(source.sends(TEXT).accepted()).isEqualTo(27);
        assertThat(received()).isEqualTo((TEXT + TEXT).substring(0, 10));
        assertThat(source.account().corked()).isEqualTo(44);
        assertThat(source.sends(TEXT).accepted()).isEqualTo(27);

        assertThat(script.sizes()).containsExactly(27, 54, 44, 71);
        assertThat(received()).isEqualTo(TEXT.repeat(3).substring(10));
    }

    @Test
    @DisplayName("S18, C29: a corked byte is an accepted byte, whatever fails later")
    void aCorkedByteIsAccepted() {
        script.plays(run().cork(1000));

        assertThat(source.sends(TEXT).accepted()).isEqualTo(27);
        source.peer().resets();

        assertThat(network.losses()).containsExactly("27 bytes: its socket is gone");
        assertThat(source.account().corked()).isZero();
    }

    // --- What ends a cork ------------------------------------------------------------------------

    @Test
    @DisplayName("F3: the last verdict on a held message may be a drop, of a part of it")
    void closeWithADrop() {
        script.plays(run().cork(100), run().apply(7), run().returns(0));
        sends(1);

        source.closes();

        assertThat(received()).isEqualTo(TEXT.substring(0, 7));
        assertThat(source.account().send().dropped()).isEqualTo(20);
    }

    @Test
    @DisplayName("F2: an entry that brings nothing for sends may come and go")
    void removalOfAnotherEntry() {
        script.plays(run().cork(54));
        sends(1);

        script.aims(3, source);
        script.targets().delete(3);

        assertThat(received()).isEmpty();
        sends(1);
        assertThat(received()).isEqualTo(TEXT + TEXT);
    }

    // --- A cork and a target that is gone --------------------------------------------------------

    @Test
    @DisplayName("S32, F9: bytes held for a target that is gone are lost; the next send is told")
    void deadTarget() {
        script.plays(run().cork(54), run().redirect(0), run());
        target.shutsOutput();
        sends(1);

        Sending completing = source.sends(TEXT);

        completing.succeeds();
        assertThat(network.losses())
                .containsExactly("54 bytes: redirected to a socket that is gone");
        source.sends(TEXT).failsWith(Errno.EPIPE);
        sends(1);
        assertThat(received()).isEqualTo(TEXT);
    }

    @Test
    @DisplayName("F9: or the next read is (SO_ERROR), once")
    void deadTargetToldToAReader() {
        script.plays(run().cork(54), run().redirect(0));
        target.shutsOutput();
        sends(2);

        assertThat(source.read(1)).isEqualTo(new Ingress.Failed(Errno.EPIPE.number()));
        assertThat(source.read(1)).isEqualTo(new Ingress.Nothing());
    }

    @Test
    @DisplayName("F3, F9: at a shutdown nobody sends any more, so a reader is told")
    void deadTargetAtShutdown() {
        script.plays(run().cork(54), run().redirect(0));
        target.shutsOutput();
        sends(1);

        source.shutsOutput();

        assertThat(network.losses())
                .containsExactly("27 bytes: redirected to a socket that is gone");
        assertThat(source.read(1)).isEqualTo(new Ingress.Failed(Errno.EPIPE.number()));
        assertThat(source.peer().sawEnd()).isTrue();
    }
}
