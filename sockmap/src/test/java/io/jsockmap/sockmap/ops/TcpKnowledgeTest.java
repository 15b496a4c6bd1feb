package io.jsockmap.sockmap.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.network.NetworkTest;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What sock_ops programs learn of a connection's TCP, and what user space has no answer to. */
class TcpKnowledgeTest extends NetworkTest {
    private UserObject object;

    @BeforeEach
    void attach() {
        object = network.load("ops-options");
        network.engine().attach(object.program("configure"));
    }

    private long value(String variable) {
        return object.variable(variable).value();
    }

    @Test
    @DisplayName("bpf_tcp_sock: received bytes are known, windows read 0")
    void tcpSock() {
        var connection = network.connected();
        connection.peer().sends("12345");
        assertThat(connection.reads()).isEqualTo("12345");

        connection.peer().closes();

        assertThat(value("has_tcp")).isEqualTo(1);
        assertThat(value("received")).isEqualTo(5);
        assertThat(value("snd_cwnd")).isZero();
    }

    @Test
    @DisplayName("bpf_load_hdr_opt: EPERM as no callback has a packet, ENOENT as no SYN is saved")
    void loadHeaderOption() {
        network.connected();

        assertThat(value("load_answer")).isEqualTo(-Errno.EPERM.number());
        assertThat(value("load_syn_answer")).isEqualTo(-Errno.ENOENT.number());
        assertThat(value("load_nop_answer"))
                .as("a kind that is no option")
                .isEqualTo(-Errno.EINVAL.number());
    }
}
