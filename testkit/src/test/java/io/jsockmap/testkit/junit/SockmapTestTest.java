package io.jsockmap.testkit.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.sockmap.map.UserSockHash;
import io.jsockmap.sockmap.socket.Verdict;
import io.jsockmap.testkit.scenario.Script;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** The annotation, as tests use it. */
@SockmapTest(
        value = "programs/workbench.bpf.o",
        attach = {"send=sockets", "receive=sockets"},
        set = {"limit=50"})
class SockmapTestTest {
    private static final Set<String> WAYS = new ConcurrentSkipListSet<>();

    @Test
    void whatIsReceivedIsJudged(@Accepted("client") TestSocket client) {
        client.peerSends("hello").hasVerdicts(Verdict.PASS).reads("hello");
        client.peerSends("!").hasVerdicts(Verdict.DROP).reads("");
        client.peerCloses().seesEnd();
    }

    @Test
    void whatIsSentIsJudged(
            @Accepted("client") TestSocket client,
            @Connected(value = "upstream", in = "route[ntohl(client.remote_port)]")
                    TestSocket upstream,
            @Named("counts") TestMap counts,
            @Named("events") TestMap events) {
        client.sends("hello").peerReads("hello");
        client.sendFails("!", Errno.EACCES);
        client.hasVerdicts(Verdict.PASS, Verdict.DROP);
        client.sends(">x").isRedirectedToIngressOf(upstream);
        upstream.reads(">x");
        counts.has("0", "1").has("1", "2");
        events.hasRecord(
                ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(Integer.reverseBytes((int) remotePort(client)))
                        .putInt(2)
                        .array());
    }

    /** In network order, as a number of 32 bits. */
    private static long remotePort(TestSocket client) {
        return client.socket().addresses().remotePort();
    }

    @Test
    void mapsAndProgramsAreGiven(
            @Named("sockets") UserSockHash sockets,
            @Named("last") TestMap last,
            @Named("receive") Program receive,
            @Accepted("client") TestSocket client) {
        assertThat(sockets.size()).isEqualTo(1);
        assertThat(receive.name()).isEqualTo("receive");
        last.hasNot("1").set("1", "{port=1, size=2}").has("1", "{port=1, size=2}").delete("1");
        assertThat(client.socket().cookie()).isPositive();
    }

    @Test
    void aFailureNamesTheLineOfC(@Accepted("client") TestSocket client) {
        client.peerSends("!");

        assertThatThrownBy(() -> client.hasVerdicts(Verdict.PASS))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("expected PASS for what client, found DROP")
                .hasMessageContaining("When: streams come byte by byte")
                .hasMessageContaining("it returned 0, by workbench.bpf.c:");
    }

    @EveryWay
    void everyWayIsPlayed(Script script, @Accepted("client") TestSocket client) {
        client.peerSends("abc").reads("abc");
        script.expectVerdicts("client", Verdict.PASS);
        WAYS.add(script.way().name());
    }

    @AfterAll
    static void allWaysWerePlayed() {
        assertThat(WAYS).containsExactly("BYTEWISE", "HOSTILE", "KERNEL", "PIECES", "WHOLE");
    }
}
