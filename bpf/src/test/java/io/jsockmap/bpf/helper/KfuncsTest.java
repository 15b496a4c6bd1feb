package io.jsockmap.bpf.helper;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Engines;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.Fixtures;
import io.jsockmap.bpf.Refusal;
import io.jsockmap.bpf.Trial;
import io.jsockmap.bpf.map.MapKinds;
import io.jsockmap.bpf.memory.ByteRegion;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.bpf.object.ObjectLoader;
import io.jsockmap.bpf.object.PinnedMaps;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.Kfunc;
import io.jsockmap.bpf.program.ProgramType;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Functions of the kernel, as compiled programs and assembled ones call them. */
class KfuncsTest {
    private static final String NEXT = iterator("", "bpf_iter_num_next");

    @ParameterizedTest
    @CsvSource({
        "0, 10, 27",
        "0, 0, 0",
        "5, 6, 5",
        "-3, 3, -2",
        "10, 0, 0",
        "95, 200, 390",
        "-2147483648, 2147483647, 0",
    })
    @DisplayName("H5, C16: a loop of bpf_for sees each number once, and may be left and continued")
    void aLoopOverNumbers(int from, int to, int sum) {
        var options = LoadOptions.DEFAULT.withVariable("from", from).withVariable("to", to);

        assertThat(run(options, "sum")).isEqualTo(sum);
    }

    @Test
    @DisplayName("H5: loops of bpf_for may stand in each other")
    void loopsInLoops() {
        assertThat(run(LoadOptions.DEFAULT.withVariable("to", 12), "nested"))
                .isEqualTo(12 * 12 * 12);
    }

    @Test
    @DisplayName("H5: slices of a dynptr are the program's own memory")
    void slices() {
        var object = Compiled.of("kfuncs", Environment.system());

        assertThat(object.run("slices")).isEqualTo(20);
        var value = object.object().map("words").lookup(new byte[4]).orElseThrow();
        assertThat(value).hasSize(32).startsWith(new byte[12]).endsWith(new byte[18]);
        assertThat(value[12]).isEqualTo((byte) 0x11);
        assertThat(value[13]).isEqualTo((byte) 0x22);
    }

    @Test
    @DisplayName(
            "H5: guards are there and do nothing; a weak function that nobody has is not there")
    void guards() {
        assertThat(run(LoadOptions.DEFAULT, "guards")).isEqualTo(3);
    }

    @Test
    void aTypeThatHasNoneRefusesThem() {
        var poor =
                new ProgramType("poor", 0, Fixtures.PLAIN.context(), Helper.table(BaseHelpers.ALL));
        var loader = loader(poor);

        var refusal =
                Refusal.of(
                        Errno.ESRCH,
                        () ->
                                loader.load(
                                        Fixtures.object("kfuncs"),
                                        LoadOptions.DEFAULT.unverified()));

        assertThat(refusal).hasMessageContaining("bpf_dynptr_clone of the kernel is not offered");
    }

    @Test
    void aTypeMayHaveFunctionsOfItsOwn() {
        var own =
                Kfunc.of("bpf_fixture_nobody_has_this", (_, a) -> a[0] * 10, Helper.Result.NUMBER);
        var rich =
                new ProgramType(
                        "rich",
                        0,
                        Fixtures.PLAIN.context(),
                        Map.of(),
                        Kfunc.table(Kfuncs.COMMON, List.of(own)));
        var program =
                loader(rich)
                        .load(Fixtures.object("kfuncs"), LoadOptions.DEFAULT.unverified())
                        .program("guards");

        var nothing = ByteRegion.allocate("context", 0);
        assertThat(Engines.tested().run(program, Environment.system(), nothing).value())
                .isEqualTo(3 + 40);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 8388608, 0",
        "0, 8388609, -7",
        "-2147483648, 2147483647, -7",
        "1, 0, -22",
        "2147483647, 2147483647, 0",
    })
    void aRangeIsRefusedIfItIsBackwardsOrTooLong(int from, int to, long result) {
        var begin = iterator("r2 = %d\nr3 = %d\n".formatted(from, to), "bpf_iter_num_new");

        assertThat(Trial.of(begin + "exit").value()).isEqualTo(result);
        if (result < 0) assertThat(Trial.of(begin + NEXT + "exit").value()).isZero();
    }

    @Test
    void anIteratorIsEmptyBeforeItBeginsAndAfterItsEnd() {
        assertThat(Trial.of(NEXT + "exit").value()).isZero();

        var text =
                iterator("r2 = 0\nr3 = 5\n", "bpf_iter_num_new")
                        + iterator("", "bpf_iter_num_destroy")
                        + NEXT
                        + "exit";
        assertThat(Trial.of(text).value()).isZero();
    }

    @Test
    void theLastNumberOfAllIsReached() {
        var text =
                iterator("r2 = 0x7ffffffe\nr3 = 0x7fffffff\n", "bpf_iter_num_new")
                        + NEXT
                        + "if r0 == 0 goto +2\nr0 = *(u32 *)(r0 + 0)\nexit\nr0 = -1\nexit";

        assertThat(Trial.of(text).value()).isEqualTo(0x7fff_fffe);
    }

    /** A program that goes on and on resets its iterator: what is counted ends it. */
    @Test
    void anEndlessLoopOfIteratorsEndsWithAFault() {
        var text = "again:\n" + iterator("r2 = 0\nr3 = 5\n", "bpf_iter_num_new") + "goto again";

        assertThat(Trial.of(text).upTo(10_000).fault()).hasMessageContaining("ran for more than");
    }

    @ParameterizedTest
    @ValueSource(strings = {"r1 = 0", "r1 = r10", "r1 = r10\nr1 += -4", "r1 = map[fd:0]"})
    void anIteratorThatIsNotTheProgramsIsAFault(String pointer) {
        for (var name : List.of("bpf_iter_num_new", "bpf_iter_num_next", "bpf_iter_num_destroy")) {
            var text = "%s\nr2 = 0\nr3 = 1\n%s\nexit".formatted(pointer, call(name));
            Trial.of(text).fault();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"kfunc#0@0", "kfunc#1@1", "kfunc#1000@0", "kfunc#4294967295@0"})
    void aFunctionThatNobodyHasIsAFault(String callee) {
        assertThat(Trial.of("call %s\nexit".formatted(callee)).fault())
                .hasMessageContaining("this function of the kernel is not offered");
    }

    private static int run(LoadOptions options, String program) {
        return Compiled.of("kfuncs", options, Environment.system()).run(program);
    }

    private static ObjectLoader loader(ProgramType type) {
        return new ObjectLoader(MapKinds.plain(), _ -> Optional.of(type), new PinnedMaps());
    }

    private static String iterator(String arguments, String name) {
        return "r1 = r10\nr1 += -8\n" + arguments + call(name) + "\n";
    }

    static String call(String name) {
        return "call kfunc#%d@0".formatted(Fixtures.PLAIN.placeOfKfunc(name).orElseThrow());
    }
}
