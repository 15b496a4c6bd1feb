package io.jsockmap.sockmap.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Flags of the redirect helpers that are not defined: SK_DROP, and nothing is recorded. */
@DisplayName("S11, K19, C50: flags of redirect helpers")
class UndefinedFlagsTest extends NetworkTest {
    private Connection target;
    private Connection source;

    private UserObject load(long flags) {
        var object =
                network.load("flags", LoadOptions.DEFAULT.withVariable("redirect_flags", flags));
        target = network.accepted();
        source = network.connected();
        object.sockMap("targets").update(0, target.socket(), UpdateFlag.ANY);
        object.sockHash("hash_targets").update(Bytes.u32(0), target.socket(), UpdateFlag.ANY);
        return object;
    }

    private void attach(UserObject object, String program) {
        var targets = object.sockMap("targets");
        targets.attach(object.program(program), object.attachType(program).orElseThrow());
        targets.update(1, source.socket(), UpdateFlag.ANY);
    }

    @ParameterizedTest
    @CsvSource({
        "msg_map, 2",
        "msg_map, 3",
        "msg_map, 0x100000001",
        "msg_map, -1",
        "msg_hash, 2",
        "msg_hash, 4"
    })
    void dropASend(String program, String flags) {
        var object = load(Long.decode(flags));
        attach(object, program);

        source.sends("bytes").failsWith(Errno.EACCES);

        assertThat(object.variable("result").value()).isZero();
        assertThat(target.peer().received() + target.reads()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"skb_map, 2", "skb_map, 3", "skb_map, 0x100000001", "skb_hash, 2", "skb_hash, 8"})
    void dropAReceivedMessage(String program, String flags) {
        var object = load(Long.decode(flags));
        attach(object, program);

        source.peer().sends("bytes");

        assertThat(object.variable("result").value()).isZero();
        assertThat(target.peer().received() + target.reads() + source.reads()).isEmpty();
        assertThat(source.account().receive().dropped()).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource({"msg_map", "msg_hash"})
    void theDefinedOnesChooseTheDirection(String program) {
        attach(load(0), program);
        source.sends("out").succeeds();
        assertThat(target.peer().received()).isEqualTo("out");

        attach(load(1), program);
        source.sends("in").succeeds();
        assertThat(target.reads()).isEqualTo("in");
    }

    @ParameterizedTest
    @CsvSource({"skb_map", "skb_hash"})
    void theDefinedOnesChooseTheDirectionOfReceivedMessages(String program) {
        attach(load(0), program);
        source.peer().sends("out");
        assertThat(target.peer().received()).isEqualTo("out");

        attach(load(1), program);
        source.peer().sends("in");
        assertThat(target.reads()).isEqualTo("in");
    }
}
