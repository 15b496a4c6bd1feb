package io.jsockmap.bpf.verifier.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.insn.AluOp;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapKinds;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.program.ContextLayout;
import io.jsockmap.bpf.program.Structure;
import io.jsockmap.bpf.verifier.domain.Bounds;
import io.jsockmap.bpf.verifier.state.Dynptr;
import io.jsockmap.bpf.verifier.state.Frame;
import io.jsockmap.bpf.verifier.state.Iteration;
import io.jsockmap.bpf.verifier.state.Lock;
import io.jsockmap.bpf.verifier.state.Pointer;
import io.jsockmap.bpf.verifier.state.PointerKind;
import io.jsockmap.bpf.verifier.state.Reference;
import io.jsockmap.bpf.verifier.state.Reg;
import io.jsockmap.bpf.verifier.state.Scalar;
import io.jsockmap.bpf.verifier.state.Slot;
import io.jsockmap.bpf.verifier.state.State;

import org.junit.jupiter.api.Test;

/** Each text is what the log of Linux 6.18 says of such a state. */
class StateTextTest {
    private static final BpfMap MAP =
            MapKinds.plain().create(MapDefinition.of("m", MapType.HASH, 4, 8, 16));
    private static final Bounds BYTE = Bounds.unsigned(0, 255);

    private final State state = State.at(0, Frame.Call.PLAIN);

    private void assertText(Reg reg, String text) {
        state.set(2, reg);
        assertThat(StateText.of(state)).isEqualTo("R2=" + text + " R10=fp0");
    }

    @Test
    void aFunctionBeginsWithItsFramePointer() {
        state.set(1, Pointer.to(PointerKind.CONTEXT));
        assertThat(StateText.of(state)).isEqualTo("R1=ctx() R10=fp0");
    }

    @Test
    void constantsStandAlone() {
        assertText(Scalar.of(10), "10");
        assertText(Scalar.of(-7), "-7");
        assertText(Scalar.of(0x12_3456_789aL), "0x123456789a");
    }

    @Test
    void numbersHaveTheirIdentityAndWhatIsKnownOfThem() {
        assertText(Scalar.unknown(), "scalar()");
        assertText(Scalar.unknown().linked(1), "scalar(id=1)");
        assertText(
                Scalar.of(BYTE).linked(3),
                "scalar(id=3,smin=smin32=0,smax=umax=smax32=umax32=255,var_off=(0x0; 0xff))");
    }

    @Test
    void aNumberOfASetMayBeShifted() {
        var sum = BYTE.alu(AluOp.ADD, 64, Bounds.of(4));
        assertText(
                Scalar.of(BYTE).linked(3).shifted(sum, 4, 64, Scalar.of(4)),
                "scalar(id=3+4,smin=umin=smin32=umin32=4,smax=umax=smax32=umax32=259,var_off=(0x0;"
                        + " 0x1ff))");
    }

    @Test
    void marksOfPrecisionAreShownWhereTheyAreWanted() {
        var number = Scalar.of(10);
        state.set(0, number);
        number.markPrecise();
        assertThat(StateText.withMarks(state)).isEqualTo("R0=P10 R10=fp0");
        assertThat(StateText.of(state)).isEqualTo("R0=10 R10=fp0");
    }

    @Test
    void pointersToPacketsSayHowManyBytesThereAre() {
        var packet = Pointer.to(PointerKind.PACKET);
        assertText(packet, "pkt(r=0)");
        assertText(packet.moved(8).withRange(8), "pkt(off=8,r=8)");
        assertText(
                packet.moved(8).withRange(Pointer.BEYOND_PACKET_END),
                "pkt(off=8,r=0xfffffffffffffffe)");
        assertText(
                packet.withId(2).moved(AluOp.ADD, BYTE),
                "pkt(id=2,r=0,smin=smin32=0,smax=umax=smax32=umax32=255,var_off=(0x0; 0xff))");
        assertText(Pointer.to(PointerKind.PACKET_END), "pkt_end()");
    }

    @Test
    void pointersToMapsNameThem() {
        assertText(Pointer.to(PointerKind.MAP, MAP), "map_ptr(map=m,ks=4,vs=8)");
        var value = Pointer.to(PointerKind.MAP_VALUE, MAP);
        assertText(value.orNull(1), "map_value_or_null(id=1,map=m,ks=4,vs=8)");
        assertText(value.moved(4), "map_value(map=m,ks=4,vs=8,off=4)");
    }

    @Test
    void recordsHaveASizeAndAReference() {
        var record = Pointer.toMemory(PointerKind.RECORD, 16).withReference(3);
        assertText(record.moved(8), "ringbuf_mem(ref_obj_id=3,off=8,sz=16)");
        assertText(record.orNull(3), "ringbuf_mem_or_null(id=3,ref_obj_id=3,sz=16)");
        var element = Pointer.toMemory(PointerKind.MEMORY, 4).asReadOnly();
        assertText(element.withId(2), "rdonly_mem(id=2,sz=4)");
    }

    @Test
    void structuresAreCalledByTheirNames() {
        var sock = Structure.socket("sock", ContextLayout.of("struct bpf_sock", 80).build());
        assertText(Pointer.to(sock), "sock()");
        assertText(Pointer.to(sock).withReference(2).orNull(2), "sock_or_null(id=2,ref_obj_id=2)");
    }

    @Test
    void pointersToTheStackOfACallerSayWhose() {
        state.push(new Frame(1, 22, 15, Frame.Call.CALLBACK));
        state.set(1, Scalar.unknown());
        state.set(2, Pointer.toFrame(0).moved(-8));
        state.set(3, Pointer.toFrame(1).moved(-8));
        assertThat(StateText.of(state))
                .isEqualTo("frame1: R1=scalar() R2=fp[0]-8 R3=fp-8 R10=fp0 cb");
        assertThat(StateText.of(state, state.frame(0))).isEqualTo("R10=fp0");
    }

    @Test
    void theStackIsShownByBytesFromTheHighestAddress() {
        var frame = state.frame();
        frame.set(0, Slot.EMPTY.write(4, 4, Slot.ZERO));
        frame.set(1, Slot.EMPTY.spill(Scalar.of(BYTE), 4));
        frame.set(2, Slot.of(Pointer.toFrame(0)));
        frame.set(3, Slot.EMPTY.write(2, 6, Slot.MISC).write(0, 2, Slot.ZERO));
        frame.set(5, Slot.of(Scalar.of(0)));
        assertThat(StateText.of(state))
                .isEqualTo(
                        "R10=fp0 fp-8=0000???? fp-16=????scalar(smin=smin32=0,smax=umax=smax32="
                                + "umax32=255,var_off=(0x0; 0xff)) fp-24=fp0 fp-32=mmmmmm00"
                                + " fp-48=0");
    }

    @Test
    void iteratorsAndDynptrsLieOnTheStack() {
        var frame = state.frame();
        var iteration = new Iteration("num", false, 0, 1);
        frame.set(0, Slot.of(iteration.next()));
        frame.set(1, Slot.of(new Dynptr(Dynptr.Kind.RECORD, false, 3, 4)));
        frame.set(2, Slot.of(new Dynptr(Dynptr.Kind.RECORD, true, 3, 4)));
        frame.set(3, Slot.of(iteration.end()));
        assertThat(StateText.of(state))
                .isEqualTo(
                        "R10=fp0 fp-8=iter_num(ref_id=1,state=active,depth=1)"
                                + " fp-24=dynptr_ringbuf(id=3,ref_id=4)"
                                + " fp-32=iter_num(ref_id=1,state=drained,depth=0)");
    }

    @Test
    void whatIsHeldStandsAtTheEnd() {
        state.acquire(new Reference(2, 5));
        state.acquire(new Reference(3, 9));
        assertThat(StateText.of(state)).isEqualTo("R10=fp0 refs=2,3");
        state.setLock(new Lock(MAP, 4));
        assertThat(StateText.of(state)).isEqualTo("R10=fp0 refs=2,3,4");
    }
}
