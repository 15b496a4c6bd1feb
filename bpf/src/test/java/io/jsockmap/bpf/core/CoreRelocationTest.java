package io.jsockmap.bpf.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.Fixtures;
import io.jsockmap.bpf.Refusal;
import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.btf.BtfType.Struct;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.bpf.program.ProgramFault;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Programs read the structures that they meet, not those that they were compiled with. */
class CoreRelocationTest {
    private final Fitted programs = Fitted.toTarget();

    @Test
    void fieldsAreReadWhereTheTargetHasThem() {
        programs.put32(96, 1).put32(28, 2).put32(68, 4).put32(32, 8).put32(48, 16).put32(116, 32);

        assertThat(programs.run("words")).isEqualTo(63);
    }

    @Test
    void eachFieldIsReadAtItsOwnPlace() {
        assertThat(programs.put32(28, 77).run("words")).isEqualTo(77);
        assertThat(programs.put32(28, 0).put32(48, 78).run("words")).isEqualTo(78);
    }

    @Test
    void aLoadTakesAsManyBytesAsAnUnsignedFieldHas() {
        programs.put64(0, 0x1_0000_0007L).put32(12, 0x7fff_8001);

        assertThat(programs.run("shrunk")).isEqualTo(0x8001);
        assertThat(programs.run("grown")).isEqualTo(7);
    }

    @Test
    void aStoreTakesAsManyBytesAsAnUnsignedFieldHas() {
        programs.put32(12, -1).put32(64, -1);

        assertThat(programs.run("stored")).isEqualTo(1);

        assertThat(programs.after().getInt(12)).isEqualTo(0xffff_0005);
        assertThat(programs.after().getInt(64)).isEqualTo(9);
    }

    @Test
    void aFunctionThatIsCalledIsFittedToo() {
        assertThat(programs.put32(96, 41).run("called")).isEqualTo(41);
    }

    @Test
    void whatExistsIsKnown() {
        assertThat(programs.run("exists")).isEqualTo(1 + 16 + 32 + 128 + 256 + 512 + 2048);
    }

    @Test
    void aFieldThatIsMissingMayStandBehindAGuard() {
        assertThat(programs.put32(16, 12).run("guarded")).isEqualTo(12);
    }

    @Test
    void sizesAreThoseOfTheTarget() {
        assertThat(programs.run("sizes")).isEqualTo(112 | 12 << 8 | 24 << 16 | 8 << 24);
    }

    @ParameterizedTest
    @CsvSource({
        "bit_a, 32, 5, 21, 21",
        "bit_b, 37, 9, 300, 300",
        "bit_c, 46, 7, 63, 63",
        "bit_c, 46, 7, -2, -2",
        "bit_wide, 64, 35, 4886718345, 591751049",
        "bit_plain, 128, 32, 3000000, 3000000",
    })
    void bitFieldsAreFoundWhereTheTargetHasThem(
            String program, int from, int count, long value, int result) {
        programs.putBits(0, 192, -1).putBits(64, 64, -1).putBits(128, 64, -1);

        assertThat(programs.putBits(from, count, value).run(program)).isEqualTo(result);
    }

    @Test
    void signsAreThoseOfTheTarget() {
        assertThat(programs.run("signs")).isEqualTo(1 + 4);
    }

    @Test
    void valuesOfEnumerationsAreThoseOfTheTarget() {
        assertThat(programs.run("colors")).isEqualTo(11 * 1000 - 3);
        assertThat(programs.run("high")).isEqualTo(0x123);
        assertThat(programs.run("values")).isEqualTo(1 + 4);
    }

    @Test
    void anUnsignedValueOf32BitsHasNoSign() {
        assertThat(programs.run("unsigned_value")).isEqualTo(1);
    }

    @Test
    void aTypeMatchesIfTheTargetHasAllThatItHas() {
        assertThat(programs.run("matches")).isEqualTo(1 + 4);
    }

    @Test
    void numbersOfTypesAreTheirs() {
        var own = Fixtures.object("core-fields").btf().orElseThrow();

        assertThat(own.type(programs.run("own_number")).name()).isEqualTo("parcel");
        var target = Fitted.target().type(programs.run("target_number"));
        assertThat(target).isInstanceOf(Struct.class);
        assertThat(target.name()).isEqualTo("parcel");
    }

    @Test
    void candidatesThatAgreeAreAsGoodAsOne() {
        assertThat(programs.put32(4, 5).run("both")).isEqualTo(5);
    }

    @Test
    void candidatesThatDifferAreRefused() {
        assertThat(refusalOf("ambiguous", Errno.EINVAL))
                .contains("program ambiguous (section socket), function ambiguous, instruction ")
                .contains("CO-RE relocation of struct twice.field (byte offset): ambiguous: types ")
                .contains("are both called so, with 4 and 0")
                .contains("at core-fields.bpf.c:");
    }

    @Test
    void anOffsetThatNoLoadReachesIsRefused() {
        assertThat(refusalOf("distant", Errno.EINVAL))
                .contains("CO-RE relocation of struct far.field (byte offset)")
                .contains("offset 40000 does not fit into the instruction (at most 32767)");
    }

    private static String refusalOf(String program, Errno errno) {
        var options =
                LoadOptions.DEFAULT
                        .withTargetTypes(Fitted.target())
                        .withType(program, Fixtures.PLAIN);
        return Refusal.of(errno, () -> Fitted.of(options)).getMessage();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "missing  | struct parcel___lost.lost failed: no such field in the target",
                "nowhere  | struct nobody.field failed: no such type in the target",
                "narrowed | struct parcel.height failed: it has 2 bytes in the target, was compiled"
                        + " for 4, and is no unsigned integer",
                "mixed    | struct bits.mixed failed: it is a bit-field here or there, but not in"
                        + " both",
                "gray     | enum color.GRAY failed: no such value in the target",
            })
    void whatCannotBeFittedIsAnErrorOnceItIsReached(String program, String problem) {
        var fault = assertThrows(ProgramFault.class, () -> programs.run(program));

        assertThat(fault).hasMessageContaining("CO-RE relocation of " + problem);
        assertThat(fault.line()).isPresent();
    }

    @Test
    void withoutTypesOfTheKernelNothingExists() {
        var alone = Fitted.of(LoadOptions.DEFAULT);

        assertThat(alone.run("exists")).isZero();
        assertThat(alone.run("values")).isZero();
        assertThat(alone.run("matches")).isZero();
        assertThat(alone.run("guarded")).isEqualTo(77);
    }

    @Test
    void withoutTypesOfTheKernelAnAccessSaysHowToGiveThem() {
        var alone = Fitted.of(LoadOptions.DEFAULT);

        assertThat(assertThrows(ProgramFault.class, () -> alone.run("words")))
                .hasMessageContaining("CO-RE relocation of struct parcel.")
                .hasMessageContaining("the kernel's own types must be given (--btf FILE");
    }

    @Test
    void whatTheEngineKnowsCountsBeforeWhatACallerGives() {
        var engine = Fitted.target();
        var given = Fixtures.object("core-fields").btf().orElseThrow();
        var types = TargetTypes.ofEngine(engine).with(given);

        assertThat(types.named(structNamed(given, "parcel")).orElseThrow().btf()).isSameAs(engine);
        assertThat(types.named(structNamed(given, "nobody")).orElseThrow().btf()).isSameAs(given);
    }

    private static Struct structNamed(Btf types, String name) {
        for (int id = 1; id < types.size(); id++) {
            if (types.type(id) instanceof Struct struct && struct.name().equals(name)) {
                return struct;
            }
        }
        throw new AssertionError("no structure " + name);
    }
}
