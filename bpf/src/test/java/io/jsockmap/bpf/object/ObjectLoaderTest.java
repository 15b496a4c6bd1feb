package io.jsockmap.bpf.object;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.Fixtures;
import io.jsockmap.bpf.Refusal;
import io.jsockmap.bpf.map.MapKinds;
import io.jsockmap.bpf.map.UpdateFlag;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Optional;

/** How an object's specification becomes maps and programs. */
class ObjectLoaderTest {

    @Test
    void aDataSectionIsAMapOfItsName() {
        var globals = Loaded.of("globals").object();

        assertThat(globals.maps().keySet())
                .containsExactlyInAnyOrder(
                        ".rodata",
                        ".data",
                        ".bss",
                        ".data.custom",
                        ".rodata.custom",
                        ".rodata.str1.1");
        assertThat(globals.map(".data").valueSize()).isEqualTo(20);
        Refusal.of(
                Errno.EPERM,
                () -> globals.map(".rodata").update(new byte[4], new byte[19], UpdateFlag.ANY));
    }

    @Test
    void constantsAreSetBeforeLoadingAndNotAfter() {
        var globals = Loaded.of("globals", LoadOptions.DEFAULT.withVariable("limit", 1));

        assertThat(globals.run("touch")).isEqualTo(134);
        assertThat(globals.run("touch")).isEqualTo(-1);
        assertThat(Refusal.of(Errno.EPERM, () -> globals.object().variable("limit").set(5)))
                .hasMessageContaining("variable limit (.rodata, 4 bytes) is const");
    }

    @Test
    void variablesAreSetBeforeAndAfterLoading() {
        var globals = Loaded.of("globals", LoadOptions.DEFAULT.withVariable("counter", 100));

        assertThat(globals.variable("counter")).isEqualTo(100);
        globals.object().variable("counter").set(1000);
        assertThat(globals.run("touch")).isEqualTo(7 + 1001 + 16 + 111);
    }

    @Test
    void variablesOfEveryWidthAndRoomOfMaps() {
        var options =
                LoadOptions.DEFAULT
                        .withVariable("byte", 0xff)
                        .withVariable("half", 0xfffe)
                        .withVariable("word", -3)
                        .withVariable("wide", -4)
                        .withVariable("flag", 1)
                        .withVariable("name", "other".getBytes(US_ASCII))
                        .withVariable("tuning", new byte[] {1, 1, 1, 1, 2, 2, 3})
                        .withMaxEntries("table", 1);

        var overrides = Loaded.of("overrides", options);

        assertThat(overrides.run("tell")).isEqualTo(1);
        var answer = overrides.value("answers", 0);
        assertThat(answer.getLong(0)).isEqualTo(-4);
        assertThat(answer.getInt(8)).isEqualTo(-3);
        assertThat(answer.getShort(12)).isEqualTo((short) 0xfffe);
        assertThat(answer.get(14)).isEqualTo((byte) 0xff);
        assertThat(answer.get(15)).isEqualTo((byte) 1);
        assertThat(new String(overrides.bytes("answers", 0, 16, 32), US_ASCII))
                .isEqualTo("other" + "\0".repeat(11));
        assertThat(overrides.bytes("answers", 0, 32, 48))
                .containsExactly(1, 1, 1, 1, 2, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void whatIsNotOverriddenStaysAsItWasCompiled() {
        var overrides = Loaded.of("overrides");

        assertThat(overrides.run("tell")).isEqualTo(16);
        var answer = overrides.value("answers", 0);
        assertThat(answer.getLong(0)).isEqualTo(4);
        assertThat(new String(overrides.bytes("answers", 0, 16, 24), US_ASCII))
                .isEqualTo("jsockmap");
        assertThat(answer.getLong(40)).isEqualTo(1000);
    }

    @ParameterizedTest
    @CsvSource({
        "byte, 256",
        "byte, 65280",
        "byte, -129",
        "half, 65536",
        "half, 16711680",
        "flag, 256"
    })
    void aValueThatDoesNotFitIsRefused(String variable, long value) {
        var options = LoadOptions.DEFAULT.withVariable(variable, value);

        assertThat(Refusal.of(Errno.ERANGE, () -> Loaded.of("overrides", options)))
                .hasMessageContaining("variable %s has", variable);
    }

    @ParameterizedTest
    @CsvSource({"byte, -1, 255", "byte, -128, 128", "half, -2, 65534", "byte, 200, 200"})
    void aValueFitsWithItsSignAndWithout(String variable, long value, long read) {
        var overrides = Loaded.of("overrides", LoadOptions.DEFAULT.withVariable(variable, value));

        assertThat(overrides.variable(variable)).isEqualTo(read);
    }

    @Test
    void anOverrideOfWhatIsNotThereIsRefused() {
        var none = LoadOptions.DEFAULT;

        assertThat(refusedOverride(none.withMaxEntries("tabel", 1)))
                .isEqualTo("ENOENT: overrides.bpf.o has no map named tabel");
        assertThat(refusedOverride(none.withVariable("wrod", 1)))
                .isEqualTo("ENOENT: overrides.bpf.o has no variable named wrod");
        assertThat(refusedOverride(none.withType("tel", Fixtures.PLAIN)))
                .isEqualTo("ENOENT: overrides.bpf.o has no program named tel");
    }

    private static String refusedOverride(LoadOptions options) {
        return Refusal.of(Errno.ENOENT, () -> Loaded.of("overrides", options)).getMessage();
    }

    @Test
    void aProgramThatIsNotOursIsSkippedWithAWord() {
        var sections = Loaded.of("many-sections", List.of("call")).object();

        assertThat(sections.programs().keySet()).containsExactly("call");
        assertThat(sections.skipped().get("on_exit")).contains("section fexit/x does not tell");
        assertThat(sections.skipped().get("optional")).contains("name its type");
        assertThat(Refusal.of(Errno.ENOENT, () -> sections.program("on_exit")))
                .hasMessageContaining("program on_exit was not loaded: section fexit/x");
    }

    @Test
    void anOptionalProgramIsLoadedWhenItsTypeIsNamed() {
        var loader = new ObjectLoader(MapKinds.plain(), _ -> Optional.empty(), new PinnedMaps());
        var options = LoadOptions.DEFAULT.withType("optional", Fixtures.PLAIN);

        var loaded = new Loaded(loader.load(Fixtures.object("many-sections"), options));

        assertThat(loaded.object().programs().keySet()).containsExactly("optional");
        assertThat(loaded.run("optional")).isEqualTo(1);
    }

    @Test
    void aKindOfMapThatIsNotOfferedMattersOnlyToWhoUsesIt() {
        var unused = Loaded.of("many-sections", List.of("call")).object();

        assertThat(unused.maps()).doesNotContainKey("peers");
        assertThat(Refusal.of(Errno.EINVAL, () -> Loaded.of("many-sections")))
                .hasMessageContaining("map peers (sockhash)")
                .hasMessageContaining("not offered here");
    }

    @Test
    void aMapPinnedByItsNameIsShared() {
        var pinned = new PinnedMaps();
        var first = loaderOf(pinned).load(Fixtures.object("btf-maps"), LoadOptions.DEFAULT);
        var second = loaderOf(pinned).load(Fixtures.object("btf-maps"), LoadOptions.DEFAULT);

        new Loaded(first).run("on_second");
        new Loaded(second).run("on_second");

        assertThat(first.map("pinned_counter")).isSameAs(second.map("pinned_counter"));
        assertThat(new Loaded(first).value("pinned_counter", 0).getLong()).isEqualTo(2);
        assertThat(first.map("flows")).isNotSameAs(second.map("flows"));
    }

    @Test
    void aPinnedMapOfAnotherDefinitionIsRefused() {
        var pinned = new PinnedMaps();
        var object = Fixtures.object("btf-maps");
        loaderOf(pinned).load(object, LoadOptions.DEFAULT);
        var larger = LoadOptions.DEFAULT.withMaxEntries("pinned_counter", 2);

        assertThat(Refusal.of(Errno.EINVAL, () -> loaderOf(pinned).load(object, larger)))
                .hasMessageContaining("map pinned_counter (array)")
                .hasMessageContaining("pinned already and differs: array, key 4, value 8");
    }

    private static ObjectLoader loaderOf(PinnedMaps pinned) {
        return new ObjectLoader(
                MapKinds.plain(),
                p -> Optional.of(Fixtures.PLAIN).filter(_ -> p.name().startsWith("on_")),
                pinned);
    }

    @Test
    void aKernelSettingThatIsWeakIsZeroWhereItIsMissing() {
        var externs = Loaded.of("externs", List.of("weak"));

        assertThat(externs.run("weak")).isEqualTo(1);
        assertThat(externs.variable("version")).isEqualTo(6 << 16 | 18 << 8);
        assertThat(externs.variable("has_syscall")).isZero();
        assertThat(externs.variable("hz")).isZero();
    }

    @Test
    void aKernelSettingCanBeGiven() {
        var options =
                LoadOptions.DEFAULT
                        .withVariable("CONFIG_HZ", 250)
                        .withVariable("CONFIG_BPF_SYSCALL", 1)
                        .withVariable("LINUX_KERNEL_VERSION", 0x50f00);
        var loader =
                new ObjectLoader(
                        MapKinds.plain(),
                        p -> Optional.of(Fixtures.PLAIN).filter(_ -> p.name().equals("weak")),
                        new PinnedMaps());
        var externs = new Loaded(loader.load(Fixtures.object("externs"), options));

        assertThat(externs.run("weak")).isEqualTo(1);
        assertThat(externs.variable("version")).isEqualTo(0x50f00);
        assertThat(externs.variable("has_syscall")).isEqualTo(1);
        assertThat(externs.variable("hz")).isEqualTo(250);
    }

    @Test
    void aFunctionOfTheKernelThatIsNotWeakIsRefusedByItsName() {
        assertThat(Refusal.of(Errno.ESRCH, () -> Loaded.of("ksym-missing")))
                .hasMessageContaining("program strong (section sk_msg)")
                .hasMessageContaining("bpf_fixture_nobody_has_this of the kernel is not offered")
                .hasMessageContaining("at ksym-missing.bpf.c:");
    }

    @Test
    void aFunctionOfTheKernelThatTheTypeHasIsCalled() {
        assertThat(Loaded.of("externs").run("strong")).isEqualTo(1);
    }

    @Test
    void aProgramThatAsksForATypeBeforeItUsesItIsLoadedWhateverTypesThereAre() {
        var guarded = Loaded.of("core", LoadOptions.DEFAULT.without("fields"));

        assertThat(guarded.object().programs().keySet()).containsExactly("guarded");
        assertThat(Refusal.of(Errno.EINVAL, () -> Loaded.of("core")))
                .hasMessageContaining("program fields is refused")
                .hasMessageContaining(", at core.bpf.c:");
    }

    @Test
    void eachProgramHasOnlyTheFunctionsItCalls() {
        var object = Loaded.of("subprograms").object();

        assertThat(object.program("second").code().size())
                .isLessThan(object.program("first").code().size());
        assertThat(object.program("first").maps()).isEmpty();
        assertThat(object.program("looping").maps()).containsExactly(object.map(".bss"));
    }

    @Test
    void aNameThatIsNotThereIsAnsweredWithThoseThatAre() {
        var object = Loaded.of("cpu-v1").object();

        assertThat(Refusal.of(Errno.ENOENT, () -> object.map("word")))
                .hasMessage("ENOENT: cpu-v1.bpf.o has no map named word (it has: words)");
        assertThat(Refusal.of(Errno.ENOENT, () -> object.program("main")))
                .hasMessageContaining("it has: compare, mangle");
        assertThat(Refusal.of(Errno.ENOENT, () -> object.variable("x")))
                .hasMessageContaining("it has: none");
    }
}
