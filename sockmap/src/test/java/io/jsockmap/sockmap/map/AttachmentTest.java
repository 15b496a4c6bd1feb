package io.jsockmap.sockmap.map;

import static io.jsockmap.sockmap.map.Errnos.assertErrno;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Programs on maps: what a refusal says, and which sockets are without one. */
class AttachmentTest extends NetworkTest {
    private UserSockMap map;
    private Program msg;
    private Program skb;
    private Program ops;

    @BeforeEach
    void load() {
        map = new UserSockMap(MapDefinition.of("m", MapType.SOCKMAP, 4, 8, 4));
        msg = network.load("msg-verdict").program("judge");
        skb = network.load("frames").program("judge");
        ops = network.load("c02-ingress-to-egress").program("sort");
    }

    @ParameterizedTest
    @DisplayName("P2: any sk_skb program goes into each of the sk_skb slots, and no other does")
    @EnumSource(names = {"SK_SKB_STREAM_PARSER", "SK_SKB_STREAM_VERDICT", "SK_SKB_VERDICT"})
    void skbSlots(AttachType type) {
        assertErrno(Errno.EINVAL, () -> map.attach(msg, type))
                .hasMessageContaining("map m (sockmap)")
                .hasMessageContaining("judge (sk_msg)")
                .hasMessageContaining("takes sk_skb programs");
        assertErrno(Errno.EINVAL, () -> map.attach(ops, type));

        map.attach(skb, type);
        assertThat(map.attached(type)).contains(skb);
    }

    @Test
    @DisplayName("O1: sock_ops programs go to the engine, and the others do not")
    void sockOps() {
        assertErrno(Errno.EINVAL, () -> map.attach(ops, AttachType.SOCK_OPS))
                .hasMessageContaining("attached to the engine");
        assertErrno(Errno.EINVAL, () -> map.attached(AttachType.SOCK_OPS));
        assertErrno(Errno.EINVAL, () -> network.engine().attach(msg))
                .hasMessageContaining("attach it to a map");
    }

    @Test
    @DisplayName("P6: detach names the attached program, else ENOENT; another type is EINVAL")
    void detach() {
        assertErrno(Errno.ENOENT, () -> map.detach(msg, AttachType.SK_MSG_VERDICT));
        map.attach(msg, AttachType.SK_MSG_VERDICT);
        var other = network.load("flags").program("msg_map");
        assertErrno(Errno.ENOENT, () -> map.detach(other, AttachType.SK_MSG_VERDICT))
                .hasMessageContaining("msg_map (sk_msg) is not attached");
        assertErrno(Errno.EINVAL, () -> map.detach(skb, AttachType.SK_MSG_VERDICT));

        map.detach(msg, AttachType.SK_MSG_VERDICT);

        assertThat(map.attached(AttachType.SK_MSG_VERDICT)).isEmpty();
        assertThat(map.programs().isEmpty()).isTrue();
    }

    @Test
    @DisplayName("P7: a query gives one program with its id, or none")
    void query() {
        assertThat(map.attached(AttachType.SK_MSG_VERDICT)).isEmpty();

        map.attach(msg, AttachType.SK_MSG_VERDICT);

        assertThat(map.attached(AttachType.SK_MSG_VERDICT)).map(Program::id).contains(msg.id());
        assertThat(msg.id()).isNotEqualTo(skb.id()).isPositive();
    }

    @Test
    @DisplayName("P13, C43: a program attached later changes no socket that is in the map")
    void attachedTooLate() {
        var early = insert(0);
        map.attach(msg, AttachType.SK_MSG_VERDICT);
        var late = insert(1);

        early.sends("Drop").succeeds();
        late.sends("Drop").failsWith(Errno.EACCES);

        assertThat(map.withoutProgram()).isEqualTo(1);
        assertThat(map.size()).isEqualTo(2);
        early.closes();
        assertThat(map.withoutProgram()).isZero();
    }

    @Test
    @DisplayName("P13: detaching changes no socket that is in the map, and leaves none to wait for")
    void detachedLater() {
        map.attach(msg, AttachType.SK_MSG_VERDICT);
        var early = insert(0);
        map.detach(msg, AttachType.SK_MSG_VERDICT);
        var late = insert(1);

        early.sends("Drop").failsWith(Errno.EACCES);
        late.sends("Drop").succeeds();

        assertThat(map.withoutProgram()).as("none is attached").isZero();
    }

    @Test
    @DisplayName("C43: an account tells which programs run, or that none does")
    void accountTells() {
        var connection = insert(0);
        assertThat(connection.account().programs())
                .isEqualTo("no program: none was attached when it was inserted");
        map.delete(0);
        assertThat(connection.account().programs()).isEqualTo("left its maps, had no program");

        map.attach(msg, AttachType.SK_MSG_VERDICT);
        map.attach(skb, AttachType.SK_SKB_STREAM_PARSER);
        map.attach(skb, AttachType.SK_SKB_STREAM_VERDICT);
        map.update(0, connection.socket(), UpdateFlag.ANY);
        assertThat(connection.account().programs())
                .isEqualTo("sk_msg=judge, parser=judge, verdict=judge");
    }

    private Connection insert(int index) {
        var connection = network.connected();
        map.update(index, connection.socket(), UpdateFlag.ANY);
        return connection;
    }
}
