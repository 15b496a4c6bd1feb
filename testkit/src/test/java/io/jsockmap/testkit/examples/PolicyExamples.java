package io.jsockmap.testkit.examples;

import io.jsockmap.sockmap.socket.Verdict;
import io.jsockmap.testkit.junit.Accepted;
import io.jsockmap.testkit.junit.Connected;
import io.jsockmap.testkit.junit.EveryWay;
import io.jsockmap.testkit.junit.Named;
import io.jsockmap.testkit.junit.SockmapTest;
import io.jsockmap.testkit.junit.TestMap;
import io.jsockmap.testkit.junit.TestSocket;

/** How programs are tested by JUnit, with sockets and maps that tests are given. */
// @start region="policy"
@SockmapTest(
        value = "../examples/http-policy/http-policy.bpf.o",
        attach = {"parse=clients", "judge=clients"})
class PolicyExamples {
    @EveryWay
    void aDeleteIsDroppedAndTheNextRequestGoesToTheGuard(
            @Accepted(value = "client", in = "clients[client.cookie]") TestSocket client,
            @Connected("guard") TestSocket guard,
            @Named("verdicts") TestMap verdicts) {
        guard.in("servers[{client=client.cookie,choice=1}]");

        client.peerSends("DELETE / HTTP/1.1\r\n\r\n").hasVerdicts(Verdict.DROP).reads("");
        client.peerSends("GET /admin HTTP/1.1\r\n\r\n").isRedirectedTo(guard);

        guard.peerReads("GET /admin HTTP/1.1\r\n\r\n");
        verdicts.has("0", "1").has("1", "0").has("2", "1");
    }
}
// @end
