package io.jsockmap.conformance.attach;

import static io.jsockmap.conformance.lab.Stream.assertFails;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.conformance.lab.EngineTest;
import io.jsockmap.conformance.lab.Lab;
import io.jsockmap.conformance.lab.WithoutTraffic;
import io.jsockmap.sockmap.map.AttachType;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Optional;

/** Which programs go into which slots of a map. */
@EngineTest
@WithoutTraffic
class SlotsTest {
    @Test
    @DisplayName("P1: message verdict, parser and stream verdict have a slot each")
    void slots(Lab lab) {
        var object = lab.load("flags");
        var map = object.sockMap("targets");

        map.attach(object.program("msg_map"), AttachType.SK_MSG_VERDICT);
        map.attach(object.program("skb_map"), AttachType.SK_SKB_STREAM_PARSER);
        map.attach(object.program("skb_hash"), AttachType.SK_SKB_STREAM_VERDICT);

        assertThat(map.attached(AttachType.SK_MSG_VERDICT)).contains(object.program("msg_map"));
        assertThat(map.attached(AttachType.SK_SKB_STREAM_PARSER))
                .contains(object.program("skb_map"));
        assertThat(map.attached(AttachType.SK_SKB_STREAM_VERDICT))
                .contains(object.program("skb_hash"));
    }

    @Test
    @DisplayName("P1: the skb verdict has a slot beside message verdict and parser")
    void skbVerdictSlot(Lab lab) {
        var object = lab.load("flags");
        var map = object.sockHash("hash_targets");

        map.attach(object.program("msg_map"), AttachType.SK_MSG_VERDICT);
        map.attach(object.program("skb_map"), AttachType.SK_SKB_STREAM_PARSER);
        map.attach(object.program("skb_hash"), AttachType.SK_SKB_VERDICT);

        assertThat(map.attached(AttachType.SK_SKB_VERDICT)).contains(object.program("skb_hash"));
        assertThat(map.attached(AttachType.SK_SKB_STREAM_PARSER))
                .contains(object.program("skb_map"));
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.MATCH_ALL, names = "SK_SKB.*")
    @DisplayName("P2: any sk_skb program goes into each sk_skb slot, whatever its section says")
    void anySkbProgram(AttachType type, Lab lab) {
        var map = lab.sockMap(1);
        var programs = lab.load("map-programs");

        for (var name : new String[] {"parse", "pass_received"}) {
            map.attach(programs.program(name), type);
            map.detach(programs.program(name), type);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.MATCH_ALL, names = "SK_SKB.*")
    @DisplayName("P2: no other program goes into an sk_skb slot: EINVAL")
    void noOtherInSkbSlots(AttachType type, Lab lab) {
        var map = lab.sockMap(1);
        var programs = lab.load("map-programs");

        assertFails(() -> map.attach(programs.program("pass_sent"), type), Errno.EINVAL);
        assertFails(() -> map.attach(programs.program("remember"), type), Errno.EINVAL);
        assertThat(map.attached(type)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"pass_received", "parse", "remember"})
    @DisplayName("P2: the message slot takes sk_msg programs only: EINVAL")
    void messageSlot(String program, Lab lab) {
        var map = lab.sockMap(1);
        var programs = lab.load("map-programs");

        assertFails(
                () -> map.attach(programs.program(program), AttachType.SK_MSG_VERDICT),
                Errno.EINVAL);
    }

    @Test
    @DisplayName("O1: programs of maps can't be attached to the engine: EINVAL")
    void notToTheEngine(Lab lab) {
        var programs = lab.load("map-programs");

        assertFails(() -> lab.engine().attach(programs.program("pass_sent")), Errno.EINVAL);
        assertFails(() -> lab.engine().attach(programs.program("parse")), Errno.EINVAL);
    }

    @ParameterizedTest
    @CsvSource({"SK_SKB_STREAM_VERDICT, SK_SKB_VERDICT", "SK_SKB_VERDICT, SK_SKB_STREAM_VERDICT"})
    @DisplayName("P4: one kind of verdict beside the other gives EBUSY")
    void twoVerdicts(AttachType present, AttachType other, Lab lab) {
        var object = lab.load("flags");
        var map = object.sockMap("targets");
        var verdict = object.program("skb_map");
        map.attach(verdict, present);

        assertFails(() -> map.attach(verdict, other), Errno.EBUSY);

        map.detach(verdict, present);
        map.attach(verdict, other);
        assertThat(map.attached(other)).contains(verdict);
    }

    @ParameterizedTest
    @CsvSource({
        "SK_MSG_VERDICT, msg_map, msg_hash",
        "SK_SKB_STREAM_PARSER, skb_map, skb_hash",
        "SK_SKB_STREAM_VERDICT, skb_map, skb_hash",
        "SK_SKB_VERDICT, skb_map, skb_hash"
    })
    @DisplayName("P5: attaching to a filled slot replaces the program")
    void replaces(AttachType type, String first, String second, Lab lab) {
        var object = lab.load("flags");
        var map = object.sockMap("targets");
        map.attach(object.program(first), type);

        map.attach(object.program(second), type);

        assertThat(map.attached(type)).contains(object.program(second));
        assertFails(() -> map.detach(object.program(first), type), Errno.ENOENT);
    }

    @Test
    @DisplayName("P5: the same program may be attached again")
    void again(Lab lab) {
        var object = lab.load("flags");
        var map = object.sockMap("targets");

        map.attach(object.program("msg_map"), AttachType.SK_MSG_VERDICT);
        map.attach(object.program("msg_map"), AttachType.SK_MSG_VERDICT);
        map.detach(object.program("msg_map"), AttachType.SK_MSG_VERDICT);

        assertThat(map.attached(AttachType.SK_MSG_VERDICT)).isEmpty();
    }

    @Test
    @DisplayName("P6: detaching from an empty slot gives ENOENT")
    void emptySlot(Lab lab) {
        var object = lab.load("flags");
        var map = object.sockMap("targets");

        assertFails(
                () -> map.detach(object.program("msg_map"), AttachType.SK_MSG_VERDICT),
                Errno.ENOENT);
    }

    @Test
    @DisplayName("P6: detaching a program of another type gives EINVAL")
    void detachOfAnotherType(Lab lab) {
        var object = lab.load("flags");
        var map = object.sockMap("targets");
        map.attach(object.program("msg_map"), AttachType.SK_MSG_VERDICT);

        assertFails(
                () -> map.detach(object.program("skb_map"), AttachType.SK_MSG_VERDICT),
                Errno.EINVAL);

        assertThat(map.attached(AttachType.SK_MSG_VERDICT)).contains(object.program("msg_map"));
    }

    @Test
    @DisplayName("P4, P6: detaching one kind of verdict while the other is attached gives EBUSY")
    void detachOfTheOtherVerdict(Lab lab) {
        var object = lab.load("flags");
        var map = object.sockMap("targets");
        var verdict = object.program("skb_map");
        map.attach(verdict, AttachType.SK_SKB_VERDICT);

        assertFails(() -> map.detach(verdict, AttachType.SK_SKB_STREAM_VERDICT), Errno.EBUSY);

        assertThat(map.attached(AttachType.SK_SKB_VERDICT)).contains(verdict);
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "SOCK_OPS")
    @DisplayName("P7: a query of an empty slot gives nothing")
    void queryOfNothing(AttachType type, Lab lab) {
        assertThat(lab.sockMap(1).attached(type)).isEmpty();
        assertThat(lab.sockHash(4, 1).attached(type)).isEmpty();
    }

    @Test
    @DisplayName("P7: a query for one kind of verdict while the other is attached gives EBUSY")
    void queryOfTheOtherVerdict(Lab lab) {
        var object = lab.load("flags");
        var map = object.sockMap("targets");
        map.attach(object.program("skb_map"), AttachType.SK_SKB_STREAM_VERDICT);

        assertFails(() -> map.attached(AttachType.SK_SKB_VERDICT), Errno.EBUSY);
    }

    @Test
    @DisplayName("P7: a query tells a program of another object")
    void queryOfAnotherObject(Lab lab) {
        var map = lab.sockMap(1);
        Program program = lab.load("map-programs").program("pass_sent");

        map.attach(program, AttachType.SK_MSG_VERDICT);

        assertThat(map.attached(AttachType.SK_MSG_VERDICT)).isEqualTo(Optional.of(program));
    }

    @Test
    @DisplayName("P20: a parser that stores to the packet, and calls nothing for it, is taken")
    void parserThatStores(Lab lab) {
        var map = lab.sockMap(1);
        var parser = lab.load("map-programs").program("parse_by_storing");

        map.attach(parser, AttachType.SK_SKB_STREAM_PARSER);
        map.detach(parser, AttachType.SK_SKB_STREAM_PARSER);
    }
}
