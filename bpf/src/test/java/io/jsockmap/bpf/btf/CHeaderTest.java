package io.jsockmap.bpf.btf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Fixtures;
import io.jsockmap.bpf.MalformedObjectException;
import io.jsockmap.bpf.btf.BtfType.Constant;
import io.jsockmap.bpf.btf.BtfType.Enumeration;
import io.jsockmap.bpf.btf.BtfType.Int;
import io.jsockmap.bpf.btf.BtfType.Member;
import io.jsockmap.bpf.btf.BtfType.Modifier;
import io.jsockmap.bpf.btf.BtfType.Nothing;
import io.jsockmap.bpf.btf.BtfType.Pointer;
import io.jsockmap.bpf.btf.BtfType.Struct;
import io.jsockmap.bpf.btf.BtfType.Typedef;
import io.jsockmap.bpf.core.TypesFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A header says of types what a C compiler must know to lay them out as they are. */
class CHeaderTest {
    private static final Path FOLDER = Fixtures.ROOT.resolve("bpf/src/test/resources/header");
    private static final String CLANG = "clang-19";

    private static final Int INT = new Int("int", 4, true, false);

    @Test
    void theHeaderOfDifficultTypesIsAsApproved() throws Exception {
        assertThat(CHeader.of(difficult())).isEqualTo(Files.readString(FOLDER.resolve("types.h")));
    }

    @Test
    void whatIsCompiledFromTheHeaderIsLaidOutAsTheSourceIs() {
        assertThat(layouts(TypesFile.read(FOLDER.resolve("types-again.bpf.o"))))
                .isEqualTo(layouts(difficult()))
                .hasSizeGreaterThan(12);
    }

    private static Btf difficult() {
        return TypesFile.read(FOLDER.resolve("types.bpf.o"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"btf-maps", "core-target", "core-fields", "event-maps", "timers"})
    void whereThereIsACompilerSoAreTheTypesOfOtherObjects(String object, @TempDir Path folder)
            throws Exception {
        var types = TypesFile.read(Fixtures.path(object));
        assertThat(layouts(TypesFile.read(compiled(types, folder)))).isEqualTo(layouts(types));
    }

    /** The header with a variable of each struct, compiled. */
    private static Path compiled(Btf types, Path folder) throws Exception {
        var c = new StringBuilder(CHeader.of(types));
        structs(types).forEach(s -> c.append("%s v_%s;\n".formatted(tag(s), s.name())));
        Files.writeString(folder.resolve("again.c"), c);
        Process clang;
        try {
            clang =
                    new ProcessBuilder(CLANG, "-target", "bpf", "-g", "-Wall", "-c", "again.c")
                            .directory(folder.toFile())
                            .redirectErrorStream(true)
                            .start();
        } catch (IOException _) {
            return abort("there is no " + CLANG + " here: skipped");
        }
        var said = new String(clang.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(clang.waitFor()).as("%s%n%s", said, c).isZero();
        assertThat(said).isEmpty();
        return folder.resolve("again.o");
    }

    private static Stream<Struct> structs(Btf types) {
        return IntStream.range(1, types.size())
                .mapToObj(types::type)
                .filter(type -> type instanceof Struct && !type.name().isEmpty())
                .map(Struct.class::cast);
    }

    private static String tag(Struct struct) {
        return (struct.union() ? "union " : "struct ") + struct.name();
    }

    /** Where all members are of the structs of a name, of which there may be more. */
    private static Map<String, List<List<String>>> layouts(Btf types) {
        Map<String, List<List<String>>> all = new TreeMap<>();
        structs(types)
                .forEach(
                        struct -> {
                            var tag = tag(struct).replaceFirst("___\\d+$", "");
                            List<String> lines = new ArrayList<>(List.of(struct.size() + " bytes"));
                            addMembers(types, struct, 0, lines);
                            all.computeIfAbsent(tag, _ -> new ArrayList<>()).add(lines);
                        });
        return all;
    }

    private static void addMembers(Btf types, Struct struct, int start, List<String> lines) {
        for (var member : struct.members()) {
            int at = start + member.bitOffset();
            int size = types.sizeOf(member.type());
            lines.add("%s: %d+%d, %d".formatted(member.name(), at, member.bitWidth(), size));
            boolean within = types.resolve(member.type()).name().isEmpty();
            if (within && types.resolve(member.type()) instanceof Struct inner) {
                addMembers(types, inner, at, lines);
            }
        }
    }

    @Test
    void aBitFieldThatOlderCompilersDescribeByItsTypeHasItsWidth() {
        var three = new Int("int", 4, true, false, false, 2, 3);
        var struct = struct("old", 4, new Member("a", 2, 0, 0), new Member("b", 2, 8, 0));
        assertThat(header(struct, three))
                .contains("struct old {\n\tlong: 2;\n\tint a: 3;\n\tlong: 5;\n\tint b: 3;\n};");
    }

    @Test
    void whatIsOnlyPointedToIsDeclaredBeforeAndDefinedWhenItsTurnComes() {
        var a = struct("a", 8, new Member("b", 2, 0, 0));
        var b = struct("b", 8, new Member("a", 4, 0, 0));
        assertThat(header(a, new Pointer(3), b, new Pointer(1)))
                .contains("struct b;\n\nstruct a {\n\tstruct b *b;\n};\n\nstruct b {");
    }

    @Test
    void aTypedefThatItsOwnStructNeedsStandsBetweenDeclarationAndDefinition() {
        var node = struct("node", 8, new Member("next", 3, 0, 0));
        assertThat(header(node, new Typedef("node_t", 1), new Pointer(2)))
                .contains("struct node;\n\ntypedef struct node node_t;\n\nstruct node {");
    }

    @Test
    void constantsOfEachWidthAndSignAreWrittenAsTheyAre() {
        assertThat(
                        header(
                                enumeration("narrow", 4, false, 0xffff_ffffL),
                                enumeration("below", 4, true, -1),
                                enumeration("wide", 8, false, -1),
                                enumeration("small_but_wide", 8, true, -1)))
                .contains("\tNARROW = 4294967295,\n};")
                .contains("\tBELOW = -1,\n};")
                .contains("\tWIDE = 18446744073709551615ULL,\n};")
                .contains("\tSMALL_BUT_WIDE = -1LL,\n} __attribute__((mode(DI)));");
    }

    private static Enumeration enumeration(String name, int size, boolean signed, long value) {
        var constant = new Constant(name.toUpperCase(Locale.ROOT), value);
        return new Enumeration(name, size, signed, List.of(constant));
    }

    @Test
    void theCompilersOwnNamesAreLeftToIt() {
        var own = new Typedef("__builtin_va_list", 1);
        assertThat(header(INT, own, new Typedef("va_list", 2)))
                .contains("typedef __builtin_va_list va_list;")
                .doesNotContain("typedef int");
    }

    @Test
    void whatIsConstantTwiceIsConstantOnce() {
        var constant = new Modifier(Modifier.Kind.CONST, "", 2);
        var array = new BtfType.Array(1, 1, 4);
        var again = new Modifier(Modifier.Kind.CONST, "", 3);
        assertThat(header(constant, INT, array, again, new Typedef("fixed", 4)))
                .contains("typedef const int fixed[4];");
    }

    @Test
    void whatCCanNotSayIsRefused() {
        var inside = struct("", 8, new Member("self", 2, 0, 0));
        var named = struct("named", 8, new Member("inside", 1, 0, 0));
        assertRefused("needs itself in C", inside, new Pointer(1), named);
        assertRefused("needs itself in C", new Typedef("t", 2), new Pointer(1));
    }

    /** Without names all that is in them is written out, again and again: 2^30 times. */
    @Timeout(60)
    @Test
    void whatWouldBeALibraryOfTextIsRefused() {
        List<BtfType> types = new ArrayList<>(List.of(new Nothing(), struct("", 0)));
        for (int i = 1; i <= 30; i++) {
            types.add(struct("", 0, new Member("a", i, 0, 0), new Member("b", i, 0, 0)));
        }
        types.add(struct("named", 0, new Member("all", 31, 0, 0)));
        assertThatThrownBy(() -> CHeader.of(new Btf(types, new byte[0])))
                .isInstanceOf(MalformedObjectException.class)
                .hasMessageContaining("too many others");
    }

    @Test
    void megabytesOfNobodyAreRefused() {
        var struct = struct("hollow", 1 << 30, new Member("a", 2, 0, 0));
        assertThatThrownBy(() -> header(struct, INT))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("E2BIG: a struct has 1073741820 bytes of nobody");
    }

    private static Struct struct(String name, int size, Member... members) {
        return new Struct(name, size, List.of(members), false);
    }

    /** Of types that are numbered from 1. */
    private static String header(BtfType... types) {
        var all = Stream.concat(Stream.of(new Nothing()), Stream.of(types)).toList();
        return CHeader.of(new Btf(all, new byte[0]));
    }

    private static void assertRefused(String problem, BtfType... types) {
        assertThatThrownBy(() -> header(types))
                .isInstanceOf(MalformedObjectException.class)
                .hasMessageContaining(problem);
    }
}
