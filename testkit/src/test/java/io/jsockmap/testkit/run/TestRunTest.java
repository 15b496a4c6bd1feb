package io.jsockmap.testkit.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.bpf.object.ObjectReader;
import io.jsockmap.sockmap.program.SockOps;
import io.jsockmap.sockmap.setup.Element;
import io.jsockmap.sockmap.socket.TcpState;
import io.jsockmap.sockmap.socket.Verdict;
import io.jsockmap.testkit.Programs;
import io.jsockmap.testkit.stage.SocketChoice;
import io.jsockmap.testkit.stage.Stage;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One run of one program, as BPF_PROG_TEST_RUN would do it. */
class TestRunTest {
    private Stage stage;
    private TestRun testRun;

    @BeforeEach
    void load() {
        stage =
                Stage.loadOnly(
                        ObjectReader.read(Programs.own("workbench")),
                        LoadOptions.DEFAULT,
                        Stage.Setting.HOSTILE);
        stage.open(
                "client",
                SocketChoice.ACCEPTED.at(
                        new InetSocketAddress("10.0.0.1", 80),
                        new InetSocketAddress("10.0.0.2", 4000)));
        testRun = new TestRun(stage);
    }

    @AfterEach
    void close() {
        stage.close();
    }

    private Outcome sent(String text, Integer... lengths) {
        return testRun.run("send", "client", Input.Sent.cut(bytes(text), List.of(lengths)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void aMessageThatPassesChangesMapsAndVariables() {
        var outcome = sent("hello");

        assertThat(outcome.verdict()).contains(Verdict.PASS);
        assertThat(outcome.changes())
                .map(Object::toString)
                .containsExactly(
                        "counts[1]: 0 -> 1",
                        "last[4000]: nothing -> {port=4000, size=5}",
                        "seen: 0 -> 1");
    }

    @Test
    void theNextRunSeesWhatTheOneBeforeLeft() {
        sent("hello");

        assertThat(sent("you").changes())
                .map(Object::toString)
                .containsExactly(
                        "counts[1]: 1 -> 2",
                        "last[4000]: {port=4000, size=5} -> {port=4000, size=3}",
                        "seen: 1 -> 2");
    }

    @Test
    void aDropTellsWhatWasPrintedAndWhichLineDecided() {
        var outcome = sent("!no");

        assertThat(outcome.verdict()).contains(Verdict.DROP);
        assertThat(outcome.value()).isZero();
        assertThat(outcome.printed()).singleElement().asString().contains("dropped 3 bytes");
        assertThat(outcome.decided()).isPresent();
        assertThat(outcome.lines())
                .map(line -> line.text())
                .anyMatch(text -> text.startsWith("bpf_printk("));
    }

    @Test
    void requestsOfTheProgramAreTold() {
        var outcome = sent("?more");

        assertThat(outcome.applyBytes()).isEqualTo(2);
        assertThat(outcome.corkBytes()).isEqualTo(3);
    }

    @Test
    void aRedirectNamesItsTarget() {
        stage.open("upstream", SocketChoice.CONNECTED);
        stage.insert(Element.parse("route[4000]=upstream").orElseThrow());

        var outcome = sent(">over there");

        assertThat(outcome.verdict()).contains(Verdict.REDIRECT);
        assertThat(outcome.target()).contains("upstream");
    }

    @Test
    void aRedirectToNobodyIsADrop() {
        var outcome = sent(">over there");

        assertThat(outcome.verdict()).contains(Verdict.DROP);
        assertThat(outcome.target()).isEmpty();
    }

    @Test
    void bytesThatAProgramPutsInAreThere() {
        var outcome = sent("+x");

        assertThat(outcome.bytes()).containsExactly(0, 0, '+', 'x');
    }

    @Test
    void aMessageInElementsShowsTheFirst() {
        // Pulling the first byte shows all of its element.
        assertThat(sent("abcdef", 2, 1).linear()).isEqualTo(1);
        assertThat(sent("abcdef", 2, 1).bytes()).isEqualTo(bytes("abcdef"));
    }

    @Test
    void aReceivedMessageHasItsLinearPart() {
        var outcome = testRun.run("receive", "client", new Input.Received(bytes("abc"), 2));

        assertThat(outcome.verdict()).contains(Verdict.PASS);
        assertThat(outcome.linear()).isEqualTo(2);
        assertThat(testRun.run("receive", "client", new Input.Received(bytes("!bc"), 0)).verdict())
                .contains(Verdict.DROP);
    }

    @Test
    void anEventMayPutItsSocketIntoAMap() {
        var cookie = stage.socket("client").cookie();

        var outcome =
                testRun.run("established", "client", Input.Event.of(SockOps.PASSIVE_ESTABLISHED));

        assertThat(outcome.value()).isEqualTo(1);
        assertThat(outcome.verdict()).isEmpty();
        assertThat(outcome.changes())
                .map(Object::toString)
                .containsExactly("sockets[%d]: nothing -> client".formatted(cookie));
    }

    @Test
    void anotherEventDoesNot() {
        var change = Input.Event.stateChange(TcpState.ESTABLISHED, TcpState.CLOSE_WAIT);

        assertThat(testRun.run("established", "client", change).changes()).isEmpty();
    }

    @Test
    void aProgramOfAnotherTypeIsRefused() {
        assertThatThrownBy(() -> testRun.run("receive", "client", Input.Event.of(3)))
                .hasMessageContaining("EINVAL")
                .hasMessageContaining("receive (sk_skb)")
                .hasMessageContaining("sock_ops");
        assertThatThrownBy(() -> testRun.run("receive", "server", Input.Event.of(3)))
                .hasMessageContaining("there is no socket server (there are: client)");
    }

    @Test
    void inputsThatCannotBeAreRefused() {
        assertThatThrownBy(() -> new Input.Received(bytes("abc"), 4))
                .hasMessage("4 bytes can't be linear of a message of 3");
        assertThatThrownBy(() -> Input.Sent.cut(bytes("abc"), List.of(2, 2)))
                .hasMessage("an element of 2 bytes at byte 2 of 3");
        assertThatThrownBy(() -> new Input.Sent(List.of()))
                .hasMessage("a message has 1 to 17 elements, not 0");
    }
}
