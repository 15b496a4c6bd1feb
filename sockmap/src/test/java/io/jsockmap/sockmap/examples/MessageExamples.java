package io.jsockmap.sockmap.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.program.Structure;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.InMemoryNetwork;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Samples;
import io.jsockmap.sockmap.socket.SkBuff;
import io.jsockmap.sockmap.socket.SkMsg;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SockFields;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.util.List;

/** What helpers do to messages, without a program that calls them. */
class MessageExamples {
    private final Addresses addresses =
            InMemoryNetwork.addresses("10.0.0.1", 80, "10.0.0.2", 40_000);

    @Test
    void whatIsReceivedHasALinearPart() {
        // @start region="received"
        Sock socket = Samples.socket(addresses);
        SkBuff received = Samples.received(socket, Bytes.of("hello"), 2);
        assertThat(received.visibleLength()).isEqualTo(2); // from data to data_end

        assertThat(received.pull(5)).isZero(); // bpf_skb_pull_data
        assertThat(received.visibleLength()).isEqualTo(5);
        received.store(0, MemorySegment.ofArray(Bytes.of("J")), 0); // bpf_skb_store_bytes
        received.changeTail(4, 0); // bpf_skb_change_tail
        assertThat(Bytes.text(received.copy())).isEqualTo("Jell");
        // @end
    }

    @Test
    void whatIsSentShowsOneElement() {
        // @start region="sent"
        Sock socket = Samples.socket(addresses);
        SkMsg sent = Samples.sent(socket, List.of(Bytes.of("GET "), Bytes.of("/index.html")));
        assertThat(sent.visibleLength()).isEqualTo(4); // the first of two writes

        assertThat(sent.pull(0, sent.length(), 0)).isZero(); // bpf_msg_pull_data
        assertThat(sent.visibleLength()).isEqualTo(15);
        sent.pop(5, 10, 0); // bpf_msg_pop_data
        assertThat(Bytes.text(sent.copy())).isEqualTo("GET /");
        // @end
    }

    @Test
    void aPointerToASocketShowsTheFieldsOfAFullSocketOrFewer() {
        // @start region="fields"
        Structure full = SockFields.SOCK; // what bpf_sk_fullsock gives
        Structure common = SockFields.SOCK_COMMON; // may be a request, or in TIME_WAIT
        assertThat(full.layout().field(12).orElseThrow().name()).isEqualTo("protocol");
        assertThat(full.layout().field(12).orElseThrow().mayLoad(12, 4)).isTrue();
        assertThat(common.layout().field(12).orElseThrow().mayLoad(12, 4)).isFalse();
        // @end
    }
}
