package io.jsockmap.bpf.object;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;

/** An object whose maps, types or source lines are damaged is refused. */
class DamagedTypesTest {

    static List<Damage> mapsAndTypes() {
        return List.of(
                new Damage(
                        "map without a symbol",
                        "no-license",
                        o -> o.withoutSymbols(".maps"),
                        ".maps",
                        "no symbol for map runs"),
                new Damage(
                        "old maps without symbols",
                        "legacy-maps",
                        o -> o.withoutSymbols("maps"),
                        "maps",
                        "no symbol names its maps"),
                new Damage(
                        "two data sections of a name",
                        "globals",
                        o -> o.put32(o.header(".data"), o.get32(o.header(".bss"))),
                        ".bss",
                        "another section of that name"),
                new Damage(
                        "map whose name has a line's end",
                        "no-license",
                        o ->
                                o.put8(o.start(".strtab") + o.get32(o.symbol("runs")) + 1, '\n')
                                        .withoutSymbols(".maps"),
                        ".maps",
                        "no symbol for map "),
                new Damage(
                        "old map that is cut off",
                        "legacy-maps",
                        o -> o.put64(o.header("maps") + ObjectBytes.SIZE, 48),
                        "maps",
                        "has 8 bytes, at least 16 expected"),
                new Damage(
                        "maps without BTF",
                        "no-license",
                        o -> o.put8(o.start(".strtab") + o.get32(o.header(".BTF")), 'x'),
                        ".maps",
                        "compile with clang -g"),
                new Damage(
                        "BTF of no magic",
                        "globals",
                        o -> o.put16(o.start(".BTF"), 0),
                        ".BTF",
                        "wrong magic number"),
                new Damage(
                        "BTF cut off",
                        "globals",
                        o -> o.put64(o.header(".BTF") + ObjectBytes.SIZE, 100),
                        ".BTF",
                        "truncated"),
                new Damage(
                        "BTF shorter than its header",
                        "globals",
                        o -> o.put64(o.header(".BTF") + ObjectBytes.SIZE, 10),
                        ".BTF",
                        "truncated: 10 bytes, a header has 24"),
                new Damage(
                        "BTF whose last type is cut off",
                        "globals",
                        o -> o.put32(o.start(".BTF") + 12, o.get32(o.start(".BTF") + 12) - 4),
                        ".BTF",
                        "is cut off"),
                new Damage(
                        "BTF whose type contains itself",
                        "globals",
                        o -> o.put32(o.type(8) + 8, o.typeNumber(o.type(8))),
                        ".BTF",
                        "contains itself"),
                new Damage(
                        "BTF of a type that is not there",
                        "globals",
                        o -> o.put32(o.type(8) + 8, 9999),
                        ".BTF",
                        "type 9999 of"),
                new Damage(
                        "BTF of an unknown kind",
                        "globals",
                        o -> o.put32(o.type(8) + 4, 0x1f000000),
                        ".BTF",
                        "has kind 31, which is unknown"),
                new Damage(
                        "BTF with a name outside",
                        "globals",
                        o -> o.put32(o.type(8), 1 << 20),
                        ".BTF",
                        "a name outside"),
                new Damage(
                        "lines of no magic",
                        "globals",
                        o -> o.put16(o.start(".BTF.ext"), 0),
                        ".BTF.ext",
                        "wrong magic number"),
                new Damage(
                        "lines cut off",
                        "globals",
                        o -> o.put64(o.header(".BTF.ext") + ObjectBytes.SIZE, 60),
                        ".BTF.ext",
                        "truncated"),
                new Damage(
                        "lines of an odd count",
                        "globals",
                        o ->
                                o.put32(
                                        o.start(".BTF.ext") + 20,
                                        o.get32(o.start(".BTF.ext") + 20) - 8),
                        ".BTF.ext",
                        "records are cut off"),
                new Damage(
                        "kernel setting of a huge size",
                        "externs",
                        o -> o.put32(o.type("_Bool") + 8, Integer.MAX_VALUE),
                        ".BTF",
                        "kernel setting CONFIG_BPF_SYSCALL has 2147483647 bytes"));
    }

    @ParameterizedTest
    @MethodSource("mapsAndTypes")
    void aDamagedObjectIsRefused(Damage damage) {
        damage.assertRefused();
    }
}
