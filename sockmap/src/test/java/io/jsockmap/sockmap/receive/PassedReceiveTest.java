package io.jsockmap.sockmap.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.Network;
import io.jsockmap.sockmap.socket.Chunk;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.Ingress;
import io.jsockmap.sockmap.socket.Limits;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.Transport;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a transport brings by {@link Sock#receiveAndTake} for an application that reads: it has it
 * at once, if nothing stands before it.
 */
class PassedReceiveTest {
    private final Network network = new Network(Limits.DEFAULT, Delivery.KERNEL);
    private final UserObject object;
    private final Connection target;
    private Sock socket;
    private int signals;
    private boolean throwing;

    PassedReceiveTest() {
        object = network.load("skb-edit");
        target = network.accepted();
        object.sockMap("targets").update(0, target.socket(), UpdateFlag.ANY);
    }

    @BeforeEach
    void open() {
        var transport =
                new Transport() {
                    @Override
                    public void egressReady() {}

                    @Override
                    public void receiveReady() {}

                    @Override
                    public void readReady() {
                        signals++;
                        if (throwing) throw new IllegalStateException("a mistake of the transport");
                    }
                };
        var addresses = Network.addresses("10.0.0.1", 1024, "10.0.0.2", 80);
        socket = network.engine().root().connected(addresses, transport);
    }

    private void judge(AttachType... programs) {
        for (var type : programs) {
            boolean parses = type == AttachType.SK_SKB_STREAM_PARSER;
            var program = object.program(parses ? "parse" : "edit");
            object.sockMap("targets").attach(program, type);
        }
        object.sockMap("targets").update(1, socket, UpdateFlag.ANY);
        signals = 0;
    }

    private void verdict(char verdict) {
        object.variable("verdict_is").set(verdict);
    }

    /** What it gives at once, or nothing. */
    private String passes(String text) {
        return text(socket.receiveAndTake(Chunk.of(Bytes.of(text))));
    }

    private static String text(Ingress found) {
        return found instanceof Ingress.Bytes(var chunk) ? Bytes.text(chunk.copy()) : "";
    }

    private String reads() {
        return text(socket.take());
    }

    private void balances(long passed, long redirected, long dropped) {
        var account = socket.account();
        assertThat(account.receive().passed()).isEqualTo(passed);
        assertThat(account.receive().redirected()).isEqualTo(redirected);
        assertThat(account.receive().dropped()).isEqualTo(dropped);
        assertThat(account.balances()).isTrue();
        assertThat(account.ingress().entered()).isEqualTo(account.ingress().left());
        assertThat(socket.receiveRoom()).isEqualTo(Limits.DEFAULT.receiveBytes());
    }

    @Test
    void whatNobodyJudgesIsReadAtOnceAndNobodyIsWoken() {
        assertThat(passes("one")).isEqualTo("one");
        assertThat(reads()).isEmpty();

        assertThat(signals).isZero();
        assertThat(socket.bytesReceived()).isEqualTo(3);
        balances(3, 0, 0);
    }

    @Test
    void whatPassesIsReadAtOnceAndNobodyIsWoken() {
        judge(AttachType.SK_SKB_STREAM_VERDICT);

        assertThat(passes("one")).isEqualTo("one");
        assertThat(passes("two")).isEqualTo("two");

        assertThat(object.variable("runs").value()).isEqualTo(2);
        assertThat(signals).isZero();
        balances(6, 0, 0);
    }

    @Test
    void whatIsDroppedIsGone() {
        judge(AttachType.SK_SKB_STREAM_VERDICT);
        verdict('D');

        assertThat(passes("one")).isEmpty();
        assertThat(reads()).isEmpty();
        balances(0, 0, 3);
    }

    @Test
    void whatIsRedirectedIsThere() {
        judge(AttachType.SK_SKB_STREAM_VERDICT);
        verdict('R');
        assertThat(passes("one")).isEmpty();
        verdict('I');
        assertThat(passes("two")).isEmpty();

        assertThat(target.peer().received()).isEqualTo("one");
        assertThat(target.reads()).isEqualTo("two");
        balances(0, 6, 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 9})
    void whatIsMadeLongerOrShorterIsReadByTheNextRead(int length) {
        judge(AttachType.SK_SKB_STREAM_VERDICT);
        object.variable("edit_op").set('T');
        object.variable("argument").set(length);

        assertThat(passes("one")).isEmpty();
        assertThat(signals).isPositive();
        assertThat(reads()).hasSize(length).startsWith("on");
        balances(length, 0, 0);
    }

    @Test
    void aFrameIsReadOnceItIsComplete() {
        judge(AttachType.SK_SKB_STREAM_PARSER, AttachType.SK_SKB_STREAM_VERDICT);
        object.variable("frame").set(4);

        assertThat(passes("ab")).isEmpty();
        assertThat(reads()).isEmpty();
        assertThat(passes("cdef")).isEmpty();
        assertThat(reads()).isEqualTo("abcd");
        assertThat(passes("gh")).isEmpty();
        assertThat(reads()).isEqualTo("efgh");
        balances(8, 0, 0);
    }

    @Test
    void whatWasReceivedBeforeIsReadBefore() {
        socket.received(Chunk.of(Bytes.of("one")));
        assertThat(passes("two")).isEmpty();

        assertThat(reads()).isEqualTo("one");
        assertThat(reads()).isEqualTo("two");
    }

    @Test
    void whatWasRedirectedInIsReadBefore() {
        judge(AttachType.SK_SKB_STREAM_VERDICT);
        verdict('I');
        object.sockMap("targets").delete(Bytes.u32(1));
        object.sockMap("targets").update(0, socket, UpdateFlag.ANY);
        var other = network.accepted();
        object.sockMap("targets").update(2, other.socket(), UpdateFlag.ANY);
        other.peer().sends("one");
        verdict('P');

        assertThat(passes("two")).isEmpty();
        assertThat(reads()).isEqualTo("one");
        assertThat(reads()).isEqualTo("two");
    }

    @Test
    void aMessageThatWaitsForRoomElsewhereStaysBefore() {
        judge(AttachType.SK_SKB_STREAM_VERDICT);
        verdict('I');
        var full = "x".repeat(Limits.DEFAULT.receiveBytes());
        socket.received(Chunk.of(Bytes.of(full)));
        assertThat(passes("waits")).isEmpty();
        verdict('P');

        assertThat(passes("behind")).isEmpty();
        assertThat(reads()).isEmpty();
        assertThat(target.reads()).endsWith("xwaits");
        assertThat(reads()).isEqualTo("behind");
    }

    @Test
    void whatComesToAClosedSocketIsThrownAway() {
        socket.close();

        assertThat(passes("late")).isEmpty();
        balances(0, 0, 4);
    }

    @Test
    void whatATransportThrowsIsToldOfAndStopsNothing() {
        socket.received(Chunk.of(Bytes.of("one")));
        throwing = true;
        assertThat(passes("two")).isEmpty();
        throwing = false;

        assertThat(network.violations())
                .anyMatch(text -> text.contains("mistake of the transport"));
        assertThat(reads()).isEqualTo("one");
        assertThat(reads()).isEqualTo("two");
    }
}
