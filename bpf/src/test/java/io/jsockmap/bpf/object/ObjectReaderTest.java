package io.jsockmap.bpf.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.Fixtures;
import io.jsockmap.bpf.Refusal;
import io.jsockmap.bpf.core.CoreKind;
import io.jsockmap.bpf.core.CoreRelocation;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** What a committed object holds is what its README says. */
class ObjectReaderTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    legacy-maps    | count (socket)
                    legacy-elf-map | classify (classifier)
                    gobpf          | frame (sk/skb/parser/sockmap), judge (sk/skb/verdict/sockmap)
                    mixed-maps     | copy (socket)
                    btf-maps       | on_first (socket), on_second (socket), dispatch (socket)
                    globals        | touch (socket), read (socket)
                    subprograms    | first (socket), second (socket), looping (sk_msg)
                    externs        | weak (sk_msg), strong (sk_msg)
                    ksym-missing   | strong (sk_msg)
                    no-license     | count (socket)
                    no-btf         | count (socket)
                    with-dwarf     | count (socket)
                    many-sections  | on_exit (fexit/x), connect (cgroup/connect4), redirect (sk_msg), call (syscall), optional (sk_msg/optional)
                    cpu-v1         | compare (socket), mangle (socket)
                    cpu-v4         | divide (socket), extend (socket), loads (socket), stores (socket)
                    atomics        | plain64 (socket), plain32 (socket), fetch64 (socket), fetch32 (socket)
                    tail-calls     | again (socket), entry (socket), leaf (socket), outside (socket)
                    core           | fields (sk_msg), guarded (sk_msg)
                    overrides      | tell (socket)
                    event-maps     | record (socket), report (socket), shift (socket), notice (socket), route (socket), walk_array (socket), walk_hash (socket), clear_hash (socket), count (socket), walk_with_flags (socket), leave (socket)
                    nested-maps    | count (socket), fifth (socket)
                    legacy-inner   | look (classifier)
                    """)
    void theProgramsAreInTheFilesOrder(String object, String programs) {
        assertThat(Fixtures.object(object).programs())
                .map(p -> "%s (%s)".formatted(p.name(), p.section()))
                .containsExactly(programs.split(", "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    legacy-maps    | flows hash 4/8 128 flags 1; settings array 4/4 2; runs percpu_array 4/8 1
                    legacy-elf-map | endpoints hash 8/4 64 flags 1 pinned; answers array 4/4 8
                    gobpf          | sock_map sockmap 4/4 2; count_map array 4/8 4
                    mixed-maps     | old_array array 4/4 4; old_hash hash 4/4 16; new_hash hash 4/8 32
                    subprograms    |
                    externs        |
                    no-license     | runs array 4/8 1
                    no-btf         | runs array 4/8 1
                    with-dwarf     | runs array 4/8 1
                    many-sections  | peers sockhash 4/8 16
                    cpu-v1         | words array 4/4 4
                    cpu-v4         | numbers array 4/104 1
                    atomics        | words array 4/72 1; halves array 4/40 1
                    tail-calls     | jumps prog_array 4/4 2; self prog_array 4/4 1
                    overrides      | table hash 4/4 16; answers array 4/48 1
                    btf-maps       | flows hash 8/16 1024 flags 1; sized array 4/24 4; recent lru_hash 8/4 256; per_cpu percpu_array 4/8 2; pinned_counter array 4/8 1 pinned; jumps prog_array 4/4 4; inner_left array 4/4 1; inner_right array 4/4 1; outer array_of_maps 4/4 3; outer_hash hash_of_maps 8/4 8; events ringbuf 0/0 4096; per_socket sk_storage 4/16 0 flags 1
                    event-maps     | ring ringbuf 0/0 5000; perf perf_event_array 4/4 0; queue queue 0/4 2; stack stack 0/4 4; seen bloom_filter 0/8 100 extra 3; routes lpm_trie 8/4 16 flags 1; counts percpu_hash 4/8 8; flows hash 4/8 8; numbers array 4/8 4
                    nested-maps    | gold hash 4/8 16; silver hash 4/8 16; tenants hash_of_maps 4/4 4 pinned; sized array_of_maps 4/4 2
                    legacy-inner   | inner_at_one array 4/4 1; inner_nowhere array 4/4 1; outer array_of_maps 4/4 4
                    """)
    void theMapsAreAsTheyWereDefined(String object, String maps) {
        var expected = maps == null ? new String[0] : maps.split("; ");

        assertThat(Fixtures.object(object).maps())
                .map(ObjectReaderTest::describe)
                .containsExactlyInAnyOrder(expected);
    }

    private static String describe(MapSpec map) {
        var d = map.definition();
        return "%s %s %d/%d %d%s%s%s"
                .formatted(
                        d.name(),
                        d.typeName(),
                        d.keySize(),
                        d.valueSize(),
                        d.maxEntries(),
                        d.flags() == 0 ? "" : " flags " + d.flags(),
                        d.extra() == 0 ? "" : " extra " + d.extra(),
                        d.pinnedByName() ? " pinned" : "");
    }

    @Test
    void initialValuesAreProgramsAndMapsByTheirIndex() {
        assertThat(Fixtures.object("btf-maps").maps())
                .filteredOn(map -> !map.values().isEmpty())
                .extracting(MapSpec::name, MapSpec::values)
                .containsExactlyInAnyOrder(
                        tuple("jumps", Map.of(0, "on_first", 2, "on_second")),
                        tuple("outer", Map.of(0, "inner_left", 2, "inner_right")));
        assertThat(Fixtures.object("tail-calls").maps())
                .extracting(MapSpec::name, MapSpec::values)
                .contains(tuple("self", Map.of(0, "again")), tuple("jumps", Map.of()));
    }

    @Test
    void aMapOfMapsTellsWhatThoseInItAreLike() {
        assertThat(innerOf("btf-maps", "outer")).isEqualTo("outer.inner array 4/4 1");
        assertThat(innerOf("btf-maps", "outer_hash")).isEqualTo("outer_hash.inner hash 4/16 16");
        assertThat(innerOf("nested-maps", "sized")).isEqualTo("sized.inner array 4/4 1 flags 4096");
        assertThat(innerOf("legacy-inner", "outer")).isEqualTo("inner_nowhere array 4/4 1");
        assertThat(innerOf("btf-maps", "jumps")).isEqualTo("none");
        assertThat(innerOf("legacy-inner", "inner_at_one")).isEqualTo("none");
    }

    @Test
    void mapsInTheMapsOfAMapAreRefused() {
        assertThat(Refusal.of(Errno.ENOEXEC, () -> Fixtures.object("nested-twice")))
                .hasMessageContaining("nested-twice.bpf.o")
                .hasMessageContaining("map root: maps in the maps of a map are not possible");
    }

    private static String innerOf(String object, String map) {
        return Fixtures.object(object).maps().stream()
                .filter(m -> m.name().equals(map))
                .flatMap(m -> m.definition().inner().stream())
                .map(inner -> describe(new MapSpec(inner, "", Map.of())))
                .findFirst()
                .orElse("none");
    }

    /** iproute2 ties them by numbers; an index of -1 puts a map nowhere. */
    @Test
    void oldMapsOfMapsAreFilledByTheNumbersOfTheirInnerMaps() {
        assertThat(Fixtures.object("legacy-inner").maps())
                .extracting(MapSpec::name, MapSpec::values)
                .containsExactlyInAnyOrder(
                        tuple("inner_at_one", Map.of()),
                        tuple("inner_nowhere", Map.of()),
                        tuple("outer", Map.of(1, "inner_at_one")));
    }

    @Test
    void aMapTellsTheSectionItCameFrom() {
        assertThat(Fixtures.object("mixed-maps").maps())
                .extracting(MapSpec::name, MapSpec::section)
                .containsExactlyInAnyOrder(
                        tuple("old_array", "maps"),
                        tuple("old_hash", "maps"),
                        tuple("new_hash", ".maps"));
    }

    @Test
    void keysAndValuesHaveTheirTypes() {
        var object = Fixtures.object("btf-maps");
        var flows =
                object.maps().stream()
                        .map(MapSpec::definition)
                        .filter(d -> d.name().equals("flows"))
                        .findFirst()
                        .orElseThrow();
        var types = object.btf().orElseThrow();

        assertThat(types.resolve(flows.keyType()).name()).isEqualTo("flow");
        assertThat(types.resolve(flows.valueType()).name()).isEqualTo("totals");
    }

    @Test
    void globalDataIsReadSectionBySection() {
        var object = Fixtures.object("globals");

        assertThat(object.data())
                .extracting(DataSpec::name, d -> d.bytes().length, DataSpec::readOnly)
                .containsExactlyInAnyOrder(
                        tuple(".rodata", 19, true),
                        tuple(".data", 20, false),
                        tuple(".bss", 20, false),
                        tuple(".data.custom", 4, false),
                        tuple(".rodata.custom", 8, true),
                        tuple(".rodata.str1.1", 16, true));
        assertThat(section(object, ".data")).startsWith(5, 0, 0, 0).endsWith(6, 0, 0, 0);
        assertThat(section(object, ".rodata.custom"))
                .containsExactly(0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11);
        assertThat(new String(section(object, ".rodata.str1.1"), US_ASCII))
                .isEqualTo("hello, sockmaps\0");
    }

    @ParameterizedTest
    @CsvSource({
        "globals, limit, .rodata, 0, 4",
        "globals, greeting, .rodata, 4, 15",
        "globals, counter, .data, 0, 4",
        "globals, compared, .data, 8, 8",
        "globals, hidden, .data, 16, 4",
        "globals, hits, .bss, 0, 8",
        "globals, quiet, .bss, 8, 4",
        "globals, first_letter, .bss, 12, 1",
        "globals, fixed_high, .bss, 16, 4",
        "globals, custom, .data.custom, 0, 4",
        "globals, fixed, .rodata.custom, 0, 8",
        "overrides, half, .rodata, 2, 2",
        "overrides, flag, .rodata, 16, 1",
        "overrides, name, .rodata, 17, 16",
        "overrides, tuning, .data, 0, 16",
        "core, has_no_such_struct, .bss, 35, 1",
        "no-btf, step, .data, 0, 4",
        "no-btf, total, .bss, 0, 8",
    })
    void aVariableHasItsPlace(String object, String name, String section, int offset, int size) {
        assertThat(Fixtures.object(object).variables())
                .filteredOn(v -> v.name().equals(name))
                .singleElement()
                .extracting(VariableSpec::section, VariableSpec::offset, VariableSpec::size)
                .containsExactly(section, offset, size);
    }

    @Test
    void kernelSettingsAreVariablesOfASectionOfTheirOwn() {
        assertThat(Fixtures.object("externs").variables())
                .filteredOn(v -> v.section().equals(".kconfig"))
                .extracting(VariableSpec::name, VariableSpec::size, VariableSpec::weak)
                .containsExactlyInAnyOrder(
                        tuple("LINUX_KERNEL_VERSION", 4, false),
                        tuple("CONFIG_BPF_SYSCALL", 1, true),
                        tuple("CONFIG_HZ", 4, true));
    }

    @Test
    void aProgramOfASectionWithAQuestionMarkIsOptional() {
        assertThat(Fixtures.object("many-sections").programs())
                .filteredOn(ProgramSpec::optional)
                .extracting(ProgramSpec::name)
                .containsExactly("optional");
    }

    @Test
    void relocationsOfLayoutsBelongToTheirFunctions() {
        assertThat(Fixtures.object("core").functions())
                .extracting(FunctionSpec::name, f -> f.relocations().size())
                .containsExactly(tuple("fields", 12), tuple("guarded", 2));
        assertThat(Fixtures.object("core").functions().getFirst().relocations())
                .extracting(CoreRelocation::kind, CoreRelocation::subject)
                .contains(
                        tuple(CoreKind.FIELD_BYTE_OFFSET, "struct sk_msg_md.remote_ip6[3]"),
                        tuple(CoreKind.FIELD_EXISTS, "struct sk_msg_md___ports.no_such_port"),
                        tuple(CoreKind.TYPE_EXISTS, "struct no_such_struct"));
        assertThat(Fixtures.object("globals").functions()).allMatch(f -> f.relocations().isEmpty());
    }

    @Test
    void theLicenseIsRead() {
        assertThat(Fixtures.object("externs").license()).hasValue("GPL");
        assertThat(Fixtures.object("globals").license()).hasValue("Apache-2.0");
        assertThat(Fixtures.object("globals").notes()).isEmpty();
    }

    @Test
    void aMissingLicenseIsNoted() {
        assertThat(Fixtures.object("no-license").license()).isEmpty();
        assertThat(Fixtures.object("no-license").notes())
                .containsExactly("no license section: the kernel would take it as not GPL");
    }

    @Test
    void anObjectWithoutTypesIsReadAllTheSame() {
        assertThat(Fixtures.object("no-btf").btf()).isEmpty();
        assertThat(Fixtures.object("with-dwarf").btf()).isPresent();
    }

    @Test
    void aFileThatIsNotThereIsRefused() {
        Refusal.of(Errno.ENOENT, () -> ObjectReader.read(Path.of("/nowhere/at/all.o")));
        Refusal.of(Errno.EIO, () -> ObjectReader.read(Fixtures.path("x").getParent()));
    }

    private static byte[] section(ObjectSpec object, String name) {
        return object.data().stream()
                .filter(d -> d.name().equals(name))
                .map(d -> Arrays.copyOf(d.bytes(), d.bytes().length))
                .findFirst()
                .orElseThrow();
    }
}
