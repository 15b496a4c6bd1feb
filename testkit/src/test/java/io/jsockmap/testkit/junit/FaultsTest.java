package io.jsockmap.testkit.junit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.testkit.scenario.Script;
import io.jsockmap.testkit.scenario.Way;

import org.junit.jupiter.api.Test;

/** Faults in tests with the annotation. */
@SockmapTest(value = "programs/scenes.bpf.o", attach = "watch=sockets", way = Way.WHOLE)
class FaultsTest {
    @Test
    void whatIsExpectedOfSomeCallsIsNoFailure(
            Script script,
            @Accepted(value = "client", in = "sockets[client.cookie]") TestSocket client,
            @Named("stats") TestMap stats) {
        script.expectFault("ran for more than", () -> client.peerSends("!"));

        client.peerSends("ok").reads("ok");
        stats.has("0", "{messages=2, bytes=[2, 1], seen=true, kind=EVEN, first=\"o\"}");
    }

    @Test
    void withoutThatTheCallFails(
            @Accepted(value = "client", in = "sockets[client.cookie]") TestSocket client) {
        assertThatThrownBy(() -> client.peerSends("!"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("ran for more than");
    }
}
