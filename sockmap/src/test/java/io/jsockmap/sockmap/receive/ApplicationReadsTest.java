package io.jsockmap.sockmap.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Chunk;
import io.jsockmap.sockmap.socket.Ingress;
import io.jsockmap.sockmap.socket.SocketOption;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.Arrays;

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

    @Test
    @DisplayName("R7: a peek at native bytes reaches over pieces, and at none of both together")
    void peekAtNativeBytes() {
        reader.peer().sendsInPieces("native", 2);
        assertThat(reader.peeks(5)).isEqualTo("nativ");

        source.sends("I in").succeeds();
        assertThat(reader.peeks(100)).isEqualTo("I in");
        assertThat(reader.reads()).isEqualTo("I innative");
    }

    @Test
    @DisplayName("R7, R12: a peek at an error does not report it; at the end it is the end")
    void peekAtTheError() {
        source.peer().resets();

        var reset = new Ingress.Failed(Errno.ECONNRESET.number());
        assertThat(source.socket().peek(1)).isEqualTo(reset);
        assertThat(source.socket().peek(1)).isEqualTo(reset);
        assertThat(source.read(1)).isEqualTo(reset);
        assertThat(source.socket().peek(1)).isEqualTo(new Ingress.End());
    }

    @Test
    @DisplayName("R8: SO_RCVLOWAT is kept, and 4 bytes wake a reader whose program set it to 10")
    void lowWater() {
        var options =
                LoadOptions.DEFAULT
                        .withVariable("set_level", 1)
                        .withVariable("set_name", SocketOption.SO_RCVLOWAT.number())
                        .withVariable("set_length", 4)
                        .withVariable("set_value", Arrays.copyOf(Bytes.u32(10), 16));
        network.engine().attach(network.load("ops-options", options).program("configure"));
        var patient = network.connected();
        assertThat(patient.socket().options().number(SocketOption.SO_RCVLOWAT)).isEqualTo(10);
        int woken = patient.readSignals();

        patient.peer().sends("four");

        assertThat(patient.readSignals()).isGreaterThan(woken);
        assertThat(patient.reads(10)).isEqualTo("four");
    }

    @Test
    @DisplayName("R9, F29: a read of no bytes gives none, whatever is there, and takes nothing")
    void readOfNothing() {
        assertThat(reader.recv(0)).isEqualTo(new Ingress.Bytes(Chunk.NONE));
        source.sends("I in").succeeds();
        assertThat(reader.recv(0)).isEqualTo(new Ingress.Bytes(Chunk.NONE));
        reader.peer().closes();
        assertThat(reader.reads()).isEqualTo("I in");

        assertThat(reader.recv(0)).isEqualTo(new Ingress.Bytes(Chunk.NONE));
        assertThat(reader.outcome()).as("and not the end").isEqualTo(new Ingress.Bytes(Chunk.NONE));
    }

    @Test
    @DisplayName("R14: every message that comes in wakes the reader, read or not")
    void everyMessageWakes() {
        for (int i = 0; i < 3; i++) {
            int woken = reader.readSignals();
            source.sends("I in").succeeds();
            assertThat(reader.readSignals()).isGreaterThan(woken);
        }
    }

    @Test
    @DisplayName("R19: bytes redirected in take no room of the socket's own stream")
    void foreignBytesTakeNoRoom() {
        int room = reader.socket().receiveRoom();

        source.sends("I" + "x".repeat(5000)).succeeds();

        assertThat(reader.socket().receiveRoom()).isEqualTo(room);
        assertThat(reader.account().receive().in()).isZero();
        reader.peer().sends("own");
        assertThat(reader.socket().receiveRoom()).isEqualTo(room - 3);
        assertThat(reader.reads()).endsWith("own");
        assertThat(reader.socket().receiveRoom()).isEqualTo(room);
    }
}
