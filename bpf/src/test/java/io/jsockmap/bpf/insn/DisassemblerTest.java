package io.jsockmap.bpf.insn;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.program.HelperNames;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.HexFormat;

/** What instructions look like in the verifier's log, and in llvm-objdump. */
class DisassemblerTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    07020000fcffffff | (07) r2 += -4 | r2 += -0x4
                    0f21000000000000 | (0f) r1 += r2 | r1 += r2
                    1c21000000000000 | (1c) w1 -= w2 | w1 -= w2
                    b400000000000000 | (b4) w0 = 0 | w0 = 0x0
                    bfa2000000000000 | (bf) r2 = r10 | r2 = r10
                    c70100003f000000 | (c7) r1 s>>= 63 | r1 s>>= 0x3f
                    8703000000000000 | (87) r3 = -r3 | r3 = -r3
                    8403000000000000 | (84) w3 = -w3 | w3 = -w3
                    3f21010000000000 | (3f) r1 s/= r2 | r1 s/= r2
                    9c21010000000000 | (9c) w1 s%= w2 | w1 s%= w2
                    bf21080000000000 | (bf) r1 = (s8)r2 | r1 = (s8)r2
                    bc21100000000000 | (bc) w1 = (s16)w2 | w1 = (s16)w2
                    d701000010000000 | (d7) r1 = bswap16 r1 | r1 = bswap16 r1
                    d401000020000000 | (d4) r1 = le32 r1 | r1 = le32 r1
                    dc01000040000000 | (dc) r1 = be64 r1 | r1 = be64 r1
                    """)
    void arithmetic(String bytes, String kernel, String llvm) {
        assertPrinted(bytes, kernel, llvm);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    7110030000000000 | (71) r0 = *(u8 *)(r1 +3) | r0 = *(u8 *)(r1 + 0x3)
                    79a1f8ff00000000 | (79) r1 = *(u64 *)(r10 -8) | r1 = *(u64 *)(r10 - 0x8)
                    9110000000000000 | (91) r0 = *(s8 *)(r1 +0) | r0 = *(s8 *)(r1 + 0x0)
                    7b1af8ff00000000 | (7b) *(u64 *)(r10 -8) = r1 | *(u64 *)(r10 - 0x8) = r1
                    620afcffffffffff | (62) *(u32 *)(r10 -4) = -1 | *(u32 *)(r10 - 0x4) = -0x1
                    db10000000000000 | (db) lock *(u64 *)(r0 +0) += r1 | lock *(u64 *)(r0 + 0x0) += r1
                    c310000050000000 | (c3) lock *(u32 *)(r0 +0) &= r1 | lock *(u32 *)(r0 + 0x0) &= w1
                    30000000fcffffff | (30) r0 = *(u8 *)skb[-4] | r0 = *(u8 *)skb[-0x4]
                    4010000002000000 | (40) r0 = *(u32 *)skb[r1 + 2] | r0 = *(u32 *)skb[r1 + 0x2]
                    """)
    void memory(String bytes, String kernel, String llvm) {
        assertPrinted(bytes, kernel, llvm);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    db10000001000000 | r1 = atomic64_fetch_add((u64 *)(r0 +0), r1) | r1 = atomic_fetch_add((u64 *)(r0 + 0x0), r1)
                    c3100000a1000000 | r1 = atomic_fetch_xor((u32 *)(r0 +0), r1) | w1 = atomic_fetch_xor((u32 *)(r0 + 0x0), w1)
                    db100800e1000000 | r1 = atomic64_xchg((u64 *)(r0 +8), r1) | r1 = xchg_64(r0 + 0x8, r1)
                    c310fcffe1000000 | r1 = atomic_xchg((u32 *)(r0 -4), r1) | w1 = xchg32_32(r0 - 0x4, w1)
                    db120000f1000000 | r0 = atomic64_cmpxchg((u64 *)(r2 +0), r0, r1) | r0 = cmpxchg_64(r2 + 0x0, r0, r1)
                    c3120000f1000000 | r0 = atomic_cmpxchg((u32 *)(r2 +0), r0, r1) | w0 = cmpxchg32_32(r2 + 0x0, w0, w1)
                    d321040000010000 | r1 = load_acquire((u8 *)(r2 +4)) | w1 = load_acquire((u8 *)(r2 + 0x4))
                    cb21000010010000 | store_release((u16 *)(r1 +0), r2) | store_release((u16 *)(r1 + 0x0), w2)
                    """)
    void atomics(String bytes, String kernel, String llvm) {
        assertPrinted(bytes, "(%s) %s".formatted(bytes.substring(0, 2), kernel), llvm);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    1501070000000000 | (15) if r1 == 0x0 goto pc+7 | if r1 == 0x0 goto +0x7
                    c601feffffffffff | (c6) if w1 s< 0xffffffff goto pc-2 | if w1 s< -0x1 goto -0x2
                    2d21010000000000 | (2d) if r1 > r2 goto pc+1 | if r1 > r2 goto +0x1
                    4501000010000000 | (45) if r1 & 0x10 goto pc+0 | if r1 & 0x10 goto +0x0
                    0500ffff00000000 | (05) goto pc-1 | goto -0x1
                    0600000045230100 | (06) gotol pc+74565 | gotol +0x12345
                    e500030000000000 | (e5) may_goto pc+3 | may_goto +0x3
                    8500000001000000 | (85) call bpf_map_lookup_elem#1 | call 0x1
                    85000000ffffffff | (85) call unknown#-1 | call -0x1
                    85100000fbffffff | (85) call pc-5 | call -0x5 <local>
                    8d03000000000000 | (8d) callx r3 | callx r3
                    9500000000000000 | (95) exit | exit
                    """)
    void jumpsAndCalls(String bytes, String kernel, String llvm) {
        assertPrinted(bytes, kernel, llvm);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    18010000443322110000000088776655 | (18) r1 = 0x5566778811223344 | r1 = 0x5566778811223344 ll
                    18110000030000000000000000000000 | (18) r1 = map[fd:3] | r1 = map[fd:3]
                    18210000030000000000000008000000 | (18) r1 = map[fd:3][0]+8 | r1 = map[fd:3][0]+8
                    18410000feffffff0000000000000000 | (18) r1 = subprog[-2] | r1 = subprog[-2]
                    18510000030000000000000000000000 | (18) r1 = map[idx:3] | r1 = map[idx:3]
                    """)
    void immediatesOfTwoSlots(String bytes, String kernel, String llvm) {
        assertPrinted(bytes, kernel, llvm);
    }

    @Test
    void aProgramIsPrintedWithItsSlots() {
        var code =
                Code.decode(
                        HexFormat.of()
                                .parseHex("1801000000000000000000000100000095" + "00".repeat(7)));

        assertThat(new Disassembler(Disassembler.Style.KERNEL).print(code).lines())
                .containsExactly("   0: (18) r1 = 0x100000000", "   2: (95) exit");
    }

    private static void assertPrinted(String bytes, String kernel, String llvm) {
        var instruction = Code.decode(HexFormat.of().parseHex(bytes)).instructions().getFirst();

        assertThat(new Disassembler(Disassembler.Style.KERNEL, HelperNames::of).print(instruction))
                .isEqualTo(kernel);
        assertThat(new Disassembler(Disassembler.Style.LLVM).print(instruction)).isEqualTo(llvm);
    }
}
