package io.jsockmap.sockmap.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A message of which a verdict sees no byte before it pulls. */
@DisplayName("C24, K2: a buffer that is not linear")
class C24NonLinearTest extends NetworkTest {
    private static final String TWENTY = "\24X" + "x".repeat(18);

    private UserObject object;
    private Connection source;

    @BeforeEach
    void load() {
        object = network.load("skb-lucky");
        source = network.accepted();
        object.sockMap("sockets").attach(object.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
    }

    private void judgedBy(String verdict) {
        var sockets = object.sockMap("sockets");
        sockets.attach(object.program(verdict), AttachType.SK_SKB_STREAM_VERDICT);
        sockets.update(0, source.socket(), UpdateFlag.ANY);
        source.peer().sends(TWENTY);
    }

    @Test
    void withoutAPullTheMessageIsTooShort() {
        judgedBy("lucky");

        assertThat(object.variable("too_short").value()).isOne();
        assertThat(source.reads()).as("passed unseen").isEqualTo(TWENTY);
    }

    @Test
    void withAPullItIsSeen() {
        judgedBy("sound");

        assertThat(object.variable("too_short").value()).isZero();
        assertThat(source.reads()).isEmpty();
        assertThat(source.account().receive().dropped()).isEqualTo(20);
    }
}
