package io.jsockmap.bpf.verifier.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.insn.AluOp;
import io.jsockmap.bpf.insn.JumpOp;
import io.jsockmap.bpf.insn.Operation.Order;

import org.junit.jupiter.api.Test;

class BoundsTest {
    private static final Bounds BYTE = Bounds.unsigned(0, 255);

    @Test
    void aRangeTellsBitsAndLowHalvesToo() {
        assertThat(Bounds.unsigned(0x1_00000010L, 0x1_00000013L))
                .isEqualTo(
                        new Bounds(
                                new Tnum(0x1_00000010L, 3),
                                0x1_00000010L,
                                0x1_00000013L,
                                0x1_00000010L,
                                0x1_00000013L,
                                0x10,
                                0x13,
                                0x10,
                                0x13));
        assertThat(Bounds.of(new Tnum(0x10, 3))).isEqualTo(Bounds.unsigned(0x10, 0x13));
    }

    @Test
    void anUnsignedRangeBeyondTheSignIsOneOfNegativeNumbers() {
        assertThat(Bounds.unsigned(-7, -3)).isEqualTo(Bounds.signed(-7, -3));
    }

    @Test
    void aRangeOfOneNumberIsThatNumber() {
        assertThat(Bounds.signed(-5, -5)).isSameAs(Bounds.of(-5));
        assertThat(Bounds.of(-5).constant()).isEqualTo(-5);
        assertThat(Bounds.of(1L << 40).constant()).isEqualTo(1L << 40);
        assertThat(BYTE.isConstant()).isFalse();
        assertThatThrownBy(BYTE::constant).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aRangeThatEndsBeforeItStartsIsRefused() {
        assertThatThrownBy(() -> Bounds.unsigned(3, 2))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Bounds.signed(0, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Bounds(Tnum.UNKNOWN, 0, 0, 0, 0, 1, 0, 0, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void onlyTheUnknownIsUnknown() {
        assertThat(Bounds.UNKNOWN.isUnknown()).isTrue();
        assertThat(Bounds.signed(Long.MIN_VALUE, Long.MAX_VALUE)).isSameAs(Bounds.UNKNOWN);
        assertThat(BYTE.isUnknown()).isFalse();
        assertThat(BYTE.alu(AluOp.MOV, 64, Bounds.UNKNOWN).isUnknown()).isTrue();
        assertThat(BYTE.alu(AluOp.MOV, 32, Bounds.UNKNOWN))
                .isEqualTo(Bounds.unsigned(0, 0xffffffffL));
    }

    @Test
    void aRangeWithOneMemberOfTheBitsIsAConstant() {
        var edge = Bounds.of(new Tnum(0, 0x100)).refine(JumpOp.JGT, true, 64, Bounds.of(5));

        assertThat(edge.orElseThrow().left()).isSameAs(Bounds.of(0x100));
    }

    @Test
    void bothSidesLearnFromABranch() {
        var edge = BYTE.refine(JumpOp.JGT, true, 64, Bounds.unsigned(100, 300)).orElseThrow();

        assertThat(edge.left()).isEqualTo(Bounds.unsigned(101, 255));
        assertThat(edge.right()).isEqualTo(Bounds.unsigned(100, 254));
    }

    @Test
    void aBranchOnLowHalvesLeavesTheUpperHalfUnknown() {
        Bounds low =
                Bounds.UNKNOWN.refine(JumpOp.JLT, true, 32, Bounds.of(16)).orElseThrow().left();

        assertThat(low.u32max()).isEqualTo(15);
        assertThat(low.contains(0x7_0000000fL)).isTrue();
        assertThat(low.contains(0x10)).isFalse();
        assertThat(low.low32()).isEqualTo(Bounds.unsigned(0, 15));
    }

    @Test
    void anEdgeThatNoNumbersLeadToIsEmpty() {
        assertThat(BYTE.compare(JumpOp.JGT, 64, Bounds.of(255))).isEqualTo(Branch.NEVER);
        assertThat(BYTE.refine(JumpOp.JGT, true, 64, Bounds.of(255))).isEmpty();
        assertThat(BYTE.compare(JumpOp.JLE, 64, Bounds.of(255))).isEqualTo(Branch.ALWAYS);
        assertThat(BYTE.refine(JumpOp.JLE, false, 64, Bounds.of(255))).isEmpty();
        assertThat(BYTE.compare(JumpOp.JGT, 64, Bounds.of(254))).isEqualTo(Branch.MAYBE);
    }

    @Test
    void includingLooksAtRangesAndBits() {
        assertThat(BYTE.includes(Bounds.of(7))).isTrue();
        assertThat(Bounds.of(7).includes(BYTE)).isFalse();
        assertThat(Bounds.of(new Tnum(0, 0xf0)).includes(Bounds.unsigned(0, 16))).isFalse();
        assertThat(Bounds.UNKNOWN.includes(BYTE)).isTrue();
    }

    @Test
    void divisionByWhatMayBeZeroGivesZeroOrTheDividend() {
        Bounds divisor = Bounds.unsigned(0, 4);

        assertThat(Bounds.unsigned(100, 200).alu(AluOp.DIV, 64, divisor))
                .isEqualTo(Bounds.unsigned(0, 200));
        assertThat(Bounds.unsigned(100, 200).alu(AluOp.MOD, 64, divisor))
                .isEqualTo(Bounds.unsigned(0, 200));
        assertThat(Bounds.unsigned(100, 200).alu(AluOp.MOD, 64, Bounds.unsigned(1, 4)))
                .isEqualTo(Bounds.unsigned(0, 3));
        assertThat(Bounds.signed(-9, 9).alu(AluOp.SMOD, 64, Bounds.of(-4)))
                .isEqualTo(Bounds.signed(-3, 3));
        assertThat(Bounds.signed(-9, 9).alu(AluOp.SDIV, 64, Bounds.of(-4)))
                .isEqualTo(Bounds.signed(-2, 2));
    }

    @Test
    void aShiftByAnAmountKnownInPartIsOfAllAmounts() {
        Bounds amount = Bounds.unsigned(4, 8);

        assertThat(Bounds.of(0x100).alu(AluOp.RSH, 64, amount)).isEqualTo(Bounds.unsigned(1, 16));
        assertThat(Bounds.of(3).alu(AluOp.LSH, 64, amount).umax()).isEqualTo(3 << 8);
        assertThat(Bounds.signed(-256, 255).alu(AluOp.ARSH, 64, amount))
                .isEqualTo(Bounds.signed(-16, 15));
    }

    @Test
    void bytesKnownInPartStayKnownInReverseOrder() {
        assertThat(BYTE.swap(Order.TO_BIG, 16)).isEqualTo(Bounds.of(new Tnum(0, 0xff00)));
        assertThat(BYTE.swap(Order.REVERSE, 32).bits().isAligned(1 << 24)).isTrue();
        assertThat(Bounds.of(0x11223344).swap(Order.TO_LITTLE, 16)).isEqualTo(Bounds.of(0x3344));
    }

    @Test
    void theLogLeavesOutWhatIsNotKnownAndJoinsWhatIsEqual() {
        assertThat(Bounds.UNKNOWN).hasToString("");
        assertThat(BYTE)
                .hasToString("smin=smin32=0,smax=umax=smax32=umax32=255,var_off=(0x0; 0xff)");
        assertThat(Bounds.signed(-40000, 40000))
                .hasToString("smin=0xffffffffffff63c0,smax=smax32=0x9c40,smin32=0xffff63c0");
    }

    @Test
    void theLogHasNumbersOfSixteenBitsInDecimal() {
        assertThat(Bounds.of(-32768)).hasToString("-32768");
        assertThat(Bounds.of(-32769)).hasToString("0xffffffffffff7fff");
        assertThat(Bounds.of(32767)).hasToString("32767");
        assertThat(Bounds.of(32768)).hasToString("0x8000");
        assertThat(Bounds.unsigned(8, -1)).hasToString("umin=8");
        assertThat(Bounds.unsigned(65535, -1)).hasToString("umin=65535");
        assertThat(Bounds.unsigned(65536, -1)).hasToString("umin=0x10000");
    }
}
