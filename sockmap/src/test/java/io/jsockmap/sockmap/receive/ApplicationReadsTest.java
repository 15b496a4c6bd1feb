package io.jsockmap.sockmap.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Ingress;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What an application that reads a socket finds, and in which order. */
class ApplicationReadsTest extends NetworkTest {
    /** Sends into the ingress queue of {@link #reader}. */
    private Connection source;

    /** A plain entry: no program of its own. */
    private Connection reader;

    @BeforeEach
    void load() {
        var object = network.load("msg-verdict");
        var targets = object.sockMap("targets");
        source = network.connected();
        reader = network.accepted();
        targets.update(0, reader.socket(), UpdateFlag.ANY);
        targets.attach(object.program("judge"), AttachType.SK_MSG_VERDICT);
        targets.update(1, source.socket(), UpdateFlag.ANY);
    }

    @Test
    @DisplayName("R1: redirected bytes come first, also before native ones that came earlier")
    void redirectedBeforeNative() {
        reader.peer().sends("own");
        source.sends("I in").succeeds();

        assertThat(reader.reads(100)).as("one call never mixes the two").isEqualTo("I in");
        assertThat(reader.reads(100)).isEqualTo("own");
        assertThat(reader.read(100)).isEqualTo(new Ingress.Nothing());
    }

    @Test
    @DisplayName("R6: a short read leaves the rest of the message for the next")
    void shortReads() {
        source.sends("I abc").succeeds();
        source.sends("I def").succeeds();

        assertThat(reader.reads(2)).isEqualTo("I ");
        assertThat(reader.reads(2)).isEqualTo("ab");
        assertThat(reader.reads()).isEqualTo("cI def");
    }

    @Test
    @DisplayName("C22, F20: available counts what can be read, redirected or native")
    void available() {
        source.sends("I" + "x".repeat(4999)).succeeds();
        assertThat(reader.reads(1024)).hasSize(1024);

        assertThat(reader.socket().available()).isEqualTo(3976);

        reader.peer().sends("12345");
        assertThat(reader.socket().available()).isEqualTo(3981);
        assertThat(reader.reads()).hasSize(3981);
        assertThat(reader.socket().available()).isZero();
    }

    @Test
    @DisplayName("R10: unread bytes come before the end of stream")
    void bytesBeforeTheEnd() {
        source.sends("I in").succeeds();
        reader.peer().sends("own");
        reader.peer().closes();

        assertThat(reader.reads()).isEqualTo("I inown");
        assertThat(reader.outcome()).isEqualTo(new Ingress.End());
        assertThat(reader.read(1)).as("and again").isEqualTo(new Ingress.End());
    }

    @Test
    @DisplayName("R4: bytes, then the error once, then the end")
    void bytesThenErrorThenEnd() {
        source.sends("I in").succeeds();
        reader.peer().sends("own");
        reader.peer().resets();

        assertThat(reader.reads()).isEqualTo("I inown");
        assertThat(reader.outcome()).isEqualTo(new Ingress.Failed(Errno.ECONNRESET.number()));
        assertThat(reader.read(1)).isEqualTo(new Ingress.End());
    }

    @Test
    @DisplayName("R17: after shutdown of input the queue is read, then the end; more may come")
    void shutdownOfInput() {
        source.sends("I before").succeeds();
        reader.socket().shutdownInput();
        assertThat(reader.reads()).isEqualTo("I before");
        assertThat(reader.outcome()).isEqualTo(new Ingress.End());

        source.sends("I after").succeeds();

        assertThat(reader.reads()).isEqualTo("I after");
        assertThat(reader.outcome()).isEqualTo(new Ingress.End());
    }

    @Test
    @DisplayName("R14: the reader is woken by redirected bytes, native bytes, end and error")
    void wakeUps() {
        int woken = reader.readSignals();
        source.sends("I in").succeeds();
        assertThat(reader.readSignals()).as("redirected").isGreaterThan(woken);

        woken = reader.readSignals();
        reader.peer().sends("own");
        assertThat(reader.readSignals()).as("native").isGreaterThan(woken);

        woken = reader.readSignals();
        reader.peer().closes();
        assertThat(reader.readSignals()).as("end").isGreaterThan(woken);

        woken = source.readSignals();
        source.peer().resets();
        assertThat(source.readSignals()).as("error").isGreaterThan(woken);
    }

    @Test
    @DisplayName("R12: an error is reported once")
    void errorIsReportedOnce() {
        source.peer().resets();

        assertThat(source.read(1)).isEqualTo(new Ingress.Failed(Errno.ECONNRESET.number()));
        assertThat(source.read(1)).isEqualTo(new Ingress.End());
        assertThat(source.read(1)).isEqualTo(new Ingress.End());
    }
}
