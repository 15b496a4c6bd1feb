package io.jsockmap.testkit.examples;

import io.jsockmap.sockmap.socket.Verdict;
import io.jsockmap.testkit.junit.SockmapTest;
import io.jsockmap.testkit.scenario.Script;
import io.jsockmap.testkit.stage.SocketChoice;

import org.junit.jupiter.api.Test;

/** How programs are tested by JUnit, step by step. */
// @start region="script"
@SockmapTest(
        value = "../examples/http-policy/http-policy.bpf.o",
        attach = {"parse=clients", "judge=clients"})
class ScriptExamples {
    @Test
    void aClientWithoutAGuardIsNotLetToTheAdministration(Script script) {
        script.open("client", SocketChoice.ACCEPTED)
                .insert("clients[client.cookie]=client")
                .send("client.peer", "GET /admin HTTP/1.1\r\n\r\n")
                .expectVerdicts("client", Verdict.DROP)
                .close("client.peer")
                .expectEnd("client")
                .expectValue("verdicts[0]", "1");
    }
}
// @end
