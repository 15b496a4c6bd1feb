package io.jsockmap.bpf.object;

import static io.jsockmap.bpf.object.Damage.refusalOf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Arrays;
import java.util.List;

/** An object whose file, sections, symbols or relocations are damaged is refused. */
class DamagedObjectTest {

    static List<Damage> files() {
        return List.of(
                new Damage("not ELF", "globals", o -> o.put8(0, 'X'), "header", "not an ELF file"),
                new Damage(
                        "32 bits", "globals", o -> o.put8(4, 1), "header", "not a 64-bit object"),
                new Damage("big-endian", "big-endian", o -> o, "header", "big-endian"),
                new Damage(
                        "no order", "globals", o -> o.put8(5, 7), "header", "unknown byte order"),
                new Damage(
                        "x86", "globals", o -> o.put16(18, 62), "header", "machine 62, not eBPF"),
                new Damage("executable", "globals", o -> o.put16(16, 2), "header", "ELF type 2"),
                new Damage(
                        "section headers of another size",
                        "globals",
                        o -> o.put16(58, 40),
                        "header",
                        "section headers of 40 bytes"),
                new Damage(
                        "section headers outside",
                        "globals",
                        o -> o.put64(40, 1 << 20),
                        "header",
                        "section headers at 1048576 end beyond"),
                new Damage(
                        "section headers at the end of numbers",
                        "globals",
                        o -> o.put64(40, Long.MAX_VALUE),
                        "header",
                        "section headers at 9223372036854775807"),
                new Damage(
                        "no section of names",
                        "globals",
                        o -> o.put16(62, 999),
                        "header",
                        "no section with the names"));
    }

    static List<Damage> sections() {
        return List.of(
                new Damage(
                        "section outside",
                        "globals",
                        o -> o.put64(o.header("socket") + ObjectBytes.OFFSET, 1 << 30),
                        "socket",
                        "at 1073741824 end beyond the file's"),
                new Damage(
                        "section of a huge size",
                        "globals",
                        o -> o.put64(o.header("socket") + ObjectBytes.SIZE, Long.MAX_VALUE),
                        "socket",
                        "a section of 9223372036854775807 bytes"),
                new Damage(
                        "zeroed data of a huge size",
                        "globals",
                        o -> o.put64(o.header(".bss") + ObjectBytes.SIZE, 1 << 29),
                        ".bss",
                        "a section of 536870912 bytes"),
                new Damage(
                        "section's name outside",
                        "globals",
                        o -> o.put32(o.header("socket"), 1 << 20),
                        "section names",
                        "a name outside of the section's"),
                new Damage(
                        "symbols without names",
                        "globals",
                        o -> o.put32(o.header(".symtab") + ObjectBytes.LINK, 99),
                        ".symtab",
                        "names in section 99"),
                new Damage(
                        "symbol's name outside",
                        "globals",
                        o -> o.put32(o.symbol("touch"), 1 << 20),
                        ".strtab",
                        "a name outside"),
                new Damage(
                        "symbol of no section",
                        "globals",
                        o -> o.put16(o.symbol("touch") + 6, 99),
                        ".symtab",
                        "a symbol of section 99"),
                new Damage(
                        "function beyond its section",
                        "globals",
                        o -> o.put64(o.symbol("touch") + 16, 1 << 20),
                        "socket",
                        "function touch has 1048576 bytes"),
                new Damage(
                        "function at the end of numbers",
                        "globals",
                        o -> o.put64(o.symbol("touch") + 8, Long.MAX_VALUE - 7),
                        "socket",
                        "function touch has"),
                new Damage(
                        "function between instructions",
                        "globals",
                        o -> o.put64(o.symbol("touch") + 8, 4),
                        "socket",
                        "function touch has"),
                new Damage(
                        "function inside of another",
                        "globals",
                        o -> o.put64(o.symbol("read") + 8, 8),
                        "socket",
                        "begins inside of another"),
                new Damage(
                        "unknown opcode",
                        "globals",
                        o -> o.put8(o.start("socket") + 8, 0xff),
                        "socket",
                        "no such instruction: opcode 0xff"),
                new Damage(
                        "relocation of no symbol",
                        "globals",
                        o -> o.put32(o.start(".relsocket") + 12, 9999),
                        ".relsocket",
                        "bad relocation: symbol 9999"),
                new Damage(
                        "relocation outside",
                        "globals",
                        o -> o.put64(o.start(".relsocket"), 1 << 20),
                        ".relsocket",
                        "bad relocation: at 1048576 of section socket"),
                new Damage(
                        "relocation between instructions",
                        "globals",
                        o -> o.put64(o.start(".relsocket"), 4),
                        "socket",
                        "bad relocation: it is not at an instruction"),
                new Damage(
                        "relocation of an addition",
                        "globals",
                        o -> o.put64(o.start(".relsocket"), 24),
                        "socket",
                        "bad relocation: it is neither a local call nor"),
                new Damage(
                        "relocations cut off",
                        "globals",
                        o -> o.put64(o.header(".relsocket") + ObjectBytes.SIZE, 24),
                        ".relsocket",
                        "truncated"));
    }

    @ParameterizedTest
    @MethodSource({"files", "sections"})
    void aDamagedObjectIsRefused(Damage damage) {
        damage.assertRefused();
    }

    @Test
    void thePlaceOfAnUnknownInstructionIsItsByteInTheSection() {
        var bytes = ObjectBytes.of("globals");

        var refusal = refusalOf(bytes.put8(bytes.start("socket") + 8, 0xff).array());

        assertThat(refusal.offset()).isEqualTo(8);
    }

    @Test
    void aDamagedProgramThatIsNotLoadedHarmsNobody() {
        var bytes = ObjectBytes.of("globals");
        var spec =
                ObjectReader.read("globals.o", bytes.put8(bytes.start("socket") + 8, 0xff).array());

        var object = Loaded.loader().load(spec, LoadOptions.DEFAULT.without("touch"));

        assertThat(object.programs()).containsOnlyKeys("read");
    }

    @ParameterizedTest
    @MethodSource("io.jsockmap.bpf.object.RandomDamageTest#objects")
    void anObjectThatIsCutOffIsRefusedWhereverItEnds(String object) {
        var whole = ObjectBytes.of(object).array();

        for (int length = 0; length < whole.length; length += 64) {
            assertThat(refusalOf(Arrays.copyOf(whole, length))).hasMessageNotContaining("\n");
        }
        assertThat(refusalOf(Arrays.copyOf(whole, whole.length - 1))).isNotNull();
    }
}
