package example;

import io.jsockmap.bpf.Errno;
import io.jsockmap.sockmap.socket.Verdict;
import io.jsockmap.testkit.junit.Accepted;
import io.jsockmap.testkit.junit.EveryWay;
import io.jsockmap.testkit.junit.Named;
import io.jsockmap.testkit.junit.Scenarios;
import io.jsockmap.testkit.junit.SockmapTest;
import io.jsockmap.testkit.junit.TestMap;
import io.jsockmap.testkit.junit.TestSocket;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The policy, played on a network in memory: no root, no kernel, no port. */
@SockmapTest("policy.bpf.o")
class PolicyTest {

    @EveryWay
    void flushallIsDropped(
            @Accepted(value = "client", in = "clients[client.cookie]") TestSocket client,
            @Named("commands") TestMap commands) {
        client.peerSends("GET a\nFLUSHALL\nGET b\n");

        client.hasVerdicts(Verdict.PASS, Verdict.DROP, Verdict.PASS);
        client.reads("GET a\nGET b\n");
        commands.has("0", "1").has("1", "2");
    }

    @Test
    void aLineThatNeverEndsIsAnError(
            @Accepted(value = "client", in = "clients[client.cookie]") TestSocket client) {
        client.peerSends("GET " + "a".repeat(600)).fails(Errno.EMSGSIZE);
    }

    @TestFactory
    Stream<DynamicTest> scenarios() throws IOException {
        return Scenarios.in(Path.of("src/test/scenarios"));
    }
}
