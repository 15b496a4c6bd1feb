package io.jsockmap.testkit.junit;

import io.jsockmap.bpf.Errno;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.Verdict;
import io.jsockmap.testkit.scenario.Script;

/**
 * A socket of a test: the application that has it, and the peer at the other end of its connection.
 * What is not as expected is an {@link AssertionError} that names the C line it comes from.
 *
 * <p>Texts are bytes: each character is one, up to 255.
 *
 * {@snippet class="io.jsockmap.testkit.examples.PolicyExamples" region="policy"}
 */
public final class TestSocket {
    private static final String PEER = ".peer";

    private final Script script;
    private final String name;

    TestSocket(Script script, String name) {
        this.script = script;
        this.name = name;
    }

    /** The socket as the engine has it. */
    public Sock socket() {
        return script.stage().socket(name).socket();
    }

    /** Puts it into a map: {@code MAP[KEY]}. */
    public TestSocket in(String place) {
        script.insert(place + "=" + name);
        return this;
    }

    // --- The peer --------------------------------------------------------------------------------

    /** The peer sends: the socket receives it, in pieces as the test's way has it. */
    public TestSocket peerSends(String text) {
        script.send(name + PEER, text);
        return this;
    }

    /** The peer sends no more. */
    public TestSocket peerCloses() {
        script.close(name + PEER);
        return this;
    }

    /** The peer resets the connection. */
    public TestSocket peerResets() {
        script.reset(name + PEER);
        return this;
    }

    /** Expects that this, and nothing else, has reached the peer since it read last. */
    public TestSocket peerReads(String text) {
        script.expect(name + PEER, text);
        return this;
    }

    /** Expects that the end of stream has reached the peer. */
    public TestSocket peerSeesEnd() {
        script.expectEnd(name + PEER);
        return this;
    }

    // --- The application -------------------------------------------------------------------------

    /** The application sends; all of it is accepted. */
    public TestSocket sends(String text) {
        script.send(name, text);
        return this;
    }

    /** The application sends, and is refused. */
    public TestSocket sendFails(String text, Errno errno) {
        script.sendFails(name, text, errno);
        return this;
    }

    /** The application closes the socket. */
    public TestSocket closes() {
        script.close(name);
        return this;
    }

    /** Expects that the application can read this now, and nothing else; "" for nothing. */
    public TestSocket reads(String text) {
        script.expect(name, text);
        return this;
    }

    /** Expects that the application has come to the end of stream. */
    public TestSocket seesEnd() {
        script.expectEnd(name);
        return this;
    }

    /** Expects that a read of the application fails. */
    public TestSocket fails(Errno errno) {
        script.expectError(name, errno);
        return this;
    }

    // --- Verdicts --------------------------------------------------------------------------------

    /**
     * Expects these verdicts on its messages since the last call; the same in a row counts once.
     */
    public TestSocket hasVerdicts(Verdict... verdicts) {
        script.expectVerdicts(name, verdicts);
        return this;
    }

    /** Expects that its messages since the last call all went to another socket's peer. */
    public TestSocket isRedirectedTo(TestSocket target) {
        script.expectRedirect(name, target.name + PEER);
        return this;
    }

    /** Expects that its messages since the last call all went to another socket's application. */
    public TestSocket isRedirectedToIngressOf(TestSocket target) {
        script.expectRedirect(name, target.name);
        return this;
    }

    @Override
    public String toString() {
        return name;
    }
}
