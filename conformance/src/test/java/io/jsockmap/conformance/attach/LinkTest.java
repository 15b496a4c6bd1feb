package io.jsockmap.conformance.attach;

import static io.jsockmap.conformance.lab.Stream.assertFails;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.conformance.lab.EngineTest;
import io.jsockmap.conformance.lab.Lab;
import io.jsockmap.conformance.lab.WithoutTraffic;
import io.jsockmap.sockmap.map.AttachType;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Programs that a link holds in their slots. */
@EngineTest
@WithoutTraffic
class LinkTest {
    @ParameterizedTest
    @CsvSource({
        "SK_MSG_VERDICT, msg_map",
        "SK_SKB_STREAM_PARSER, skb_map",
        "SK_SKB_STREAM_VERDICT, skb_map",
        "SK_SKB_VERDICT, skb_map"
    })
    @DisplayName("P8, P9: what a link holds, nobody else attaches, detaches or links: EBUSY")
    void held(AttachType type, String name, Lab lab) {
        var object = lab.load("flags");
        var map = object.sockMap("targets");
        var program = object.program(name);

        map.link(program, type);

        assertThat(map.attached(type)).contains(program);
        assertFails(() -> map.attach(program, type), Errno.EBUSY);
        assertFails(() -> map.detach(program, type), Errno.EBUSY);
        assertFails(() -> map.link(program, type), Errno.EBUSY);
    }

    @Test
    @DisplayName("P8: a program of another type gives EINVAL")
    void anotherType(Lab lab) {
        var object = lab.load("flags");
        var map = object.sockMap("targets");

        assertFails(
                () -> map.link(object.program("skb_map"), AttachType.SK_MSG_VERDICT), Errno.EINVAL);
        assertFails(
                () -> map.link(object.program("msg_map"), AttachType.SK_SKB_VERDICT), Errno.EINVAL);
        assertThat(map.attached(AttachType.SK_MSG_VERDICT)).isEmpty();
    }

    @Test
    @DisplayName("P8: a link takes the slot from a program that was attached without one")
    void takesOver(Lab lab) {
        var object = lab.load("flags");
        var map = object.sockMap("targets");
        map.attach(object.program("msg_map"), AttachType.SK_MSG_VERDICT);

        map.link(object.program("msg_hash"), AttachType.SK_MSG_VERDICT);

        assertThat(map.attached(AttachType.SK_MSG_VERDICT)).contains(object.program("msg_hash"));
    }

    @Test
    @DisplayName("P4, P8: a link does not put one kind of verdict beside the other")
    void twoVerdicts(Lab lab) {
        var object = lab.load("flags");
        var map = object.sockMap("targets");
        map.link(object.program("skb_map"), AttachType.SK_SKB_STREAM_VERDICT);

        assertFails(
                () -> map.link(object.program("skb_hash"), AttachType.SK_SKB_VERDICT), Errno.EBUSY);
    }

    @Test
    @DisplayName("P8: the slots that no link holds are free")
    void otherSlots(Lab lab) {
        var object = lab.load("flags");
        var map = object.sockMap("targets");
        map.link(object.program("msg_map"), AttachType.SK_MSG_VERDICT);

        map.attach(object.program("skb_map"), AttachType.SK_SKB_STREAM_PARSER);
        map.link(object.program("skb_hash"), AttachType.SK_SKB_STREAM_VERDICT);

        assertThat(map.attached(AttachType.SK_SKB_STREAM_PARSER))
                .contains(object.program("skb_map"));
    }

    @Test
    @DisplayName("P8: each map has slots of its own")
    void otherMap(Lab lab) {
        var object = lab.load("flags");
        var program = object.program("msg_map");

        object.sockMap("targets").link(program, AttachType.SK_MSG_VERDICT);
        object.sockHash("hash_targets").link(program, AttachType.SK_MSG_VERDICT);

        assertThat(object.sockHash("hash_targets").attached(AttachType.SK_MSG_VERDICT))
                .contains(program);
    }

    // --- Update ----------------------------------------------------------------------------------

    @Test
    @DisplayName("P10: an update puts another program into the slot")
    void update(Lab lab) {
        var object = lab.load("flags");
        var map = object.sockMap("targets");
        var link = map.link(object.program("msg_map"), AttachType.SK_MSG_VERDICT);

        link.update(object.program("msg_hash"));

        assertThat(map.attached(AttachType.SK_MSG_VERDICT)).contains(object.program("msg_hash"));
    }

    @Test
    @DisplayName("P10: an update with the program that is expected")
    void updateOfExpected(Lab lab) {
        var object = lab.load("flags");
        var map = object.sockMap("targets");
        var link = map.link(object.program("msg_map"), AttachType.SK_MSG_VERDICT);

        link.update(object.program("msg_hash"), object.program("msg_map"));

        assertThat(map.attached(AttachType.SK_MSG_VERDICT)).contains(object.program("msg_hash"));
    }

    @Test
    @DisplayName("P10: another program than the expected one gives EPERM, and nothing changes")
    void updateOfUnexpected(Lab lab) {
        var object = lab.load("flags");
        var map = object.sockMap("targets");
        var link = map.link(object.program("msg_map"), AttachType.SK_MSG_VERDICT);

        assertFails(
                () -> link.update(object.program("msg_hash"), object.program("msg_hash")),
                Errno.EPERM);

        assertThat(map.attached(AttachType.SK_MSG_VERDICT)).contains(object.program("msg_map"));
    }

    @Test
    @DisplayName("P10: an update with a program of another type gives EINVAL")
    void updateOfAnotherType(Lab lab) {
        var object = lab.load("flags");
        var link =
                object.sockMap("targets")
                        .link(object.program("msg_map"), AttachType.SK_MSG_VERDICT);

        assertFails(() -> link.update(object.program("skb_map")), Errno.EINVAL);
    }

    @Test
    @DisplayName("P10: an update with a program for another slot gives EINVAL, though any fits")
    void updateOfAnotherAttachType(Lab lab) {
        var object = lab.load("map-programs");
        var parser = object.program("parse");
        var verdict = object.program("pass_received");
        var link = lab.sockMap(1).link(parser, AttachType.SK_SKB_STREAM_VERDICT);

        assertFails(() -> link.update(verdict), Errno.EINVAL);
        link.update(object.program("parse_by_pulling"));
    }

    @Test
    @DisplayName("P10: an update of a link that is detached gives ENOLINK")
    void updateOfDetached(Lab lab) {
        var object = lab.load("flags");
        var link =
                object.sockMap("targets")
                        .link(object.program("msg_map"), AttachType.SK_MSG_VERDICT);
        link.detach();

        assertFails(() -> link.update(object.program("msg_hash")), Errno.ENOLINK);
    }

    @Test
    @DisplayName("P10: of a detached link, EPERM and EINVAL come before ENOLINK")
    void orderOfChecks(Lab lab) {
        var object = lab.load("flags");
        var other = object.program("msg_hash");
        var link =
                object.sockMap("targets")
                        .link(object.program("msg_map"), AttachType.SK_MSG_VERDICT);
        link.detach();

        assertFails(() -> link.update(other, other), Errno.EPERM);
        assertFails(() -> link.update(object.program("skb_map")), Errno.EINVAL);
    }

    // --- The end ---------------------------------------------------------------------------------

    @Test
    @DisplayName("P11: detaching empties the slot; a second time is harmless")
    void detach(Lab lab) {
        var object = lab.load("flags");
        var map = object.sockMap("targets");
        var link = map.link(object.program("msg_map"), AttachType.SK_MSG_VERDICT);

        link.detach();
        link.detach();

        assertThat(map.attached(AttachType.SK_MSG_VERDICT)).isEmpty();
        map.attach(object.program("msg_hash"), AttachType.SK_MSG_VERDICT);
    }

    @Test
    @DisplayName("P11: a link tells the map and the slot, and map 0 once it is detached")
    void tells(Lab lab) {
        var object = lab.load("flags");
        var map = object.sockMap("targets");
        var link = map.link(object.program("msg_map"), AttachType.SK_MSG_VERDICT);
        assertThat(link.mapId()).isEqualTo(map.id()).isNotZero();

        link.detach();

        assertThat(link.mapId()).isZero();
        assertThat(link.attachType()).isEqualTo(AttachType.SK_MSG_VERDICT);
    }

    @Test
    @DisplayName("P11: closing the link empties the slot")
    void close(Lab lab) {
        var object = lab.load("flags");
        var map = object.sockMap("targets");
        var link = map.link(object.program("msg_map"), AttachType.SK_MSG_VERDICT);

        link.close();

        assertThat(map.attached(AttachType.SK_MSG_VERDICT)).isEmpty();
    }

    @Test
    @DisplayName("P11: a link that was detached harms none that came later")
    void closedLater(Lab lab) {
        var object = lab.load("flags");
        var map = object.sockMap("targets");
        var first = map.link(object.program("msg_map"), AttachType.SK_MSG_VERDICT);
        first.detach();
        var second = map.link(object.program("msg_hash"), AttachType.SK_MSG_VERDICT);

        first.close();

        assertThat(map.attached(AttachType.SK_MSG_VERDICT)).contains(object.program("msg_hash"));
        assertThat(second.mapId()).isEqualTo(map.id());
    }

    @Test
    @DisplayName("P12: a link keeps its map when the object is closed")
    void keepsItsMap(Lab lab) {
        var object = lab.load("flags");
        var map = object.sockMap("targets");
        var link = map.link(object.program("msg_map"), AttachType.SK_MSG_VERDICT);

        object.close();

        assertThat(link.mapId()).isEqualTo(map.id());
        link.close();
    }
}
