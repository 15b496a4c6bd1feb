package io.jsockmap.bpf.object;

import static io.jsockmap.bpf.map.MapType.PERCPU_ARRAY;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.jsockmap.bpf.map.Cpu;
import io.jsockmap.bpf.map.ProgArrayMap;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramFault;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.ByteBuffer;
import java.util.List;

/** What compiled programs do is what the comments in their sources say. */
class ObjectRunTest {

    @Test
    void globalVariables() {
        var globals = Loaded.of("globals");

        for (int run = 1; run <= 7; run++) {
            assertThat(globals.run("touch")).isEqualTo(140 + 111 * (run - 1));
        }
        assertThat(globals.run("touch")).isEqualTo(-1);

        assertThat(globals.variable("hits")).isEqualTo(8);
        assertThat(globals.variable("quiet")).isEqualTo(16);
        assertThat(globals.variable("counter")).isEqualTo(12);
        assertThat(globals.variable("hidden")).isEqualTo(76);
        assertThat(globals.variable("custom")).isEqualTo(711);
    }

    @Test
    void constantsAndText() {
        var globals = Loaded.of("globals");
        globals.object().variable("quiet").set(4);

        assertThat(globals.run("read")).isEqualTo('o');

        assertThat(globals.variable("first_letter")).isEqualTo('h');
        assertThat(globals.variable("fixed_high")).isEqualTo(0x11223344);
        assertThat(globals.variable("compared")).isZero();
        globals.object().variable("quiet").set(15);
        assertThat(globals.run("read")).isZero();
    }

    @Test
    void functionsAndCallbacks() {
        var subprograms = Loaded.of("subprograms");

        assertThat(subprograms.run("first")).isEqualTo(54338);
        assertThat(subprograms.run("second")).isEqualTo(1011);
        assertThat(subprograms.run("looping")).isEqualTo(11);
        assertThat(subprograms.variable("loop_sum")).isEqualTo(30);
    }

    @Test
    void tailCalls() {
        var calls = Loaded.of("tail-calls");

        assertThat(calls.run("entry")).isEqualTo(2);
        assertThat(calls.run("outside")).isEqualTo(4);
        assertThat(calls.run("again")).isEqualTo(3);
        assertThat(calls.variable("runs")).isEqualTo(34);
        jumps(calls).set(0, calls.object().program("leaf"));
        assertThat(calls.run("entry")).isEqualTo(7);
        assertThat(calls.variable("entered")).isEqualTo(2);
    }

    @SuppressWarnings("unchecked")
    private static ProgArrayMap<Program> jumps(Loaded loaded) {
        return (ProgArrayMap<Program>) loaded.map("jumps");
    }

    @Test
    void initialProgramsOfAnArrayAndAMapSharedByItsName() {
        var maps = Loaded.of("btf-maps", List.of("on_first", "on_second"));

        assertThat(jumps(maps).program(0)).isSameAs(maps.object().program("on_first"));
        assertThat(jumps(maps).program(1)).isNull();
        assertThat(jumps(maps).program(2)).isSameAs(maps.object().program("on_second"));
        assertThat(maps.run("on_first")).isEqualTo(100);
        assertThat(maps.run("on_second")).isEqualTo(200);
        assertThat(maps.value("pinned_counter", 0).getLong()).isEqualTo(1);
    }

    @Test
    void atomicsWithoutAResult() {
        var atomics = Loaded.of("atomics");
        atomics.set("words", 0, wide(72).putLong(0, 0x12345));
        atomics.set("halves", 0, wide(40).putInt(0, 0x12345).putInt(36, 0x7777));

        assertThat(atomics.run("plain64")).isZero();
        assertThat(atomics.run("plain32")).isZero();

        long expected = (0x12345 + 10 & 0xff0f | 0x30) ^ 0x1;
        assertThat(atomics.value("words", 0).getLong(0)).isEqualTo(expected);
        assertThat(atomics.value("halves", 0).getInt(0)).isEqualTo((int) expected);
        assertThat(atomics.value("halves", 0).getInt(36)).isEqualTo(0x7777);
    }

    @Test
    void atomicsOf64BitsKeepWhatWasThereBefore() {
        var atomics = Loaded.of("atomics");
        atomics.set("words", 0, wide(72).putLong(0, 0xf_0000_4321L));

        assertThat(atomics.run("fetch64")).isZero();

        var words = atomics.value("words", 0);
        assertThat(words.getLong(0)).isEqualTo(80);
        assertThat(words.getLong(8)).isEqualTo(0xf_0000_4321L);
        assertThat(words.getLong(16)).isEqualTo(0xf_0000_4324L);
        assertThat(words.getLong(24)).isEqualTo(0x324);
        assertThat(words.getLong(32)).isEqualTo(0x1324);
        assertThat(words.getLong(40)).isEqualTo(0x1335);
        assertThat(words.getLong(48)).isEqualTo(77);
        assertThat(words.getLong(56)).isEqualTo(88);
        assertThat(words.getLong(64)).isEqualTo(88);
    }

    @Test
    void atomicsOf32BitsLeaveWhatLiesBehind() {
        var atomics = Loaded.of("atomics");
        atomics.set("halves", 0, wide(40).putInt(0, 0xffff_fffe).putInt(36, 0x7777_7777));

        assertThat(atomics.run("fetch32")).isZero();

        var halves = atomics.value("halves", 0);
        int[] expected = {80, -2, 1, 1, 0x1001, 0x1010, 77, 88, 88, 0x7777_7777};
        for (int i = 0; i < expected.length; i++) {
            assertThat(halves.getInt(4 * i)).as("word %d", i).isEqualTo(expected[i]);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-7, 2, -3, -1, -3, -1",
        "7, -2, -3, 1, -3, 1",
        "9, 0, 0, 9, 0, 9",
        "-9223372036854775808, -1, -9223372036854775808, 0, 0, 0",
        "2147483648, 4294967295, 0, 2147483648, -2147483648, 0",
    })
    void signedDivision(long a, long b, long quotient, long remainder, int narrow, int rest) {
        var v4 = Loaded.of("cpu-v4");
        v4.set("numbers", 0, wide(104).putLong(0, a).putLong(8, b));

        assertThat(v4.run("divide")).isZero();

        var numbers = v4.value("numbers", 0);
        assertThat(numbers.getLong(16)).isEqualTo(quotient);
        assertThat(numbers.getLong(24)).isEqualTo(remainder);
        assertThat(numbers.getInt(32)).isEqualTo(narrow);
        assertThat(numbers.getInt(36)).isEqualTo(rest);
    }

    @Test
    void signExtensionAndSwaps() {
        var v4 = Loaded.of("cpu-v4");
        v4.set("numbers", 0, wide(104).putLong(0, 0x1122_3344_f566_8788L));

        assertThat(v4.run("extend")).isZero();

        var numbers = v4.value("numbers", 0);
        assertThat(numbers.getLong(40)).isEqualTo((byte) 0x88);
        assertThat(numbers.getLong(48)).isEqualTo((short) 0x8788);
        assertThat(numbers.getLong(56)).isEqualTo(0xf566_8788);
        assertThat(numbers.getLong(64)).isEqualTo(0x8887);
        assertThat(numbers.getLong(72)).isEqualTo(0x8887_66f5L);
        assertThat(numbers.getLong(80)).isEqualTo(0x8887_66f5_4433_2211L);
        assertThat(numbers.getInt(88)).isEqualTo((byte) 0x88);
        assertThat(numbers.getInt(92)).isEqualTo((short) 0x8788);
    }

    @Test
    void storesOfImmediatesTheLongJumpAndSignedLoads() {
        var v4 = Loaded.of("cpu-v4");

        assertThat(v4.run("stores")).isEqualTo(7);
        assertThat(v4.run("loads")).isZero();

        var numbers = v4.value("numbers", 0);
        assertThat(numbers.getLong(0)).isEqualTo(-4);
        assertThat(numbers.getLong(40)).isEqualTo(-1);
        assertThat(numbers.getLong(48)).isEqualTo(-2);
        assertThat(numbers.getLong(56)).isEqualTo(-3);
    }

    @ParameterizedTest
    @CsvSource({"1, 2, 3", "2, 1, 0", "-1, 1, 2", "1, -1, 1", "5, 5, 0"})
    void theFirstInstructionSetCompares(int a, int b, int order) {
        var v1 = Loaded.of("cpu-v1");
        v1.setInt("words", 0, a);
        v1.setInt("words", 1, b);

        assertThat(v1.run("compare")).isEqualTo(order);

        assertThat(v1.value("words", 2).getInt()).isEqualTo(a + b);
        assertThat(v1.value("words", 3).getInt()).isEqualTo(order);
    }

    @Test
    void theFirstInstructionSetSwapsBytes() {
        var v1 = Loaded.of("cpu-v1");
        v1.setInt("words", 0, 0x1122_3344);

        assertThat(v1.run("mangle")).isEqualTo(0x3322_1144);
    }

    @Test
    void mapsOfTheFiveWordKind() {
        var legacy = Loaded.of("legacy-maps");
        legacy.setInt("settings", 0, 42);
        legacy.setInt("settings", 1, 5);

        assertThat(legacy.run("count")).isEqualTo(5);
        assertThat(legacy.run("count")).isEqualTo(5);

        assertThat(legacy.value("flows", 42).getLong()).isEqualTo(2);
        assertThat(legacy.map("runs").definition().type()).isEqualTo(PERCPU_ARRAY.number());
        var runs = legacy.value("runs", 0);
        long sum = 0;
        for (int cpu = 0; cpu < Cpu.COUNT; cpu++) sum += runs.getLong(8 * cpu);
        assertThat(sum).isEqualTo(2);
    }

    @Test
    void mapsOfTheNineWordKind() {
        var legacy = Loaded.of("legacy-elf-map");
        assertThat(legacy.run("classify")).isEqualTo(-1);
        var key = ByteBuffer.allocate(8).order(LITTLE_ENDIAN).putLong(42).array();
        legacy.map("endpoints").update(key, new byte[] {3, 0, 0, 0}, UpdateFlag.ANY);
        legacy.setInt("answers", 3, 99);

        assertThat(legacy.run("classify")).isEqualTo(99);
    }

    @Test
    void bothKindsOfMapsInOneObject() {
        var mixed = Loaded.of("mixed-maps");
        mixed.setInt("old_array", 1, 77);

        assertThat(mixed.run("copy")).isEqualTo(77);

        assertThat(mixed.value("old_hash", 1).getInt()).isEqualTo(77);
        assertThat(mixed.value("new_hash", 1).getLong()).isEqualTo(77);
    }

    @Test
    void anObjectWithoutTypes() {
        var bare = Loaded.of("no-btf");

        assertThat(bare.run("count")).isEqualTo(9);
        assertThat(bare.run("count")).isEqualTo(18);
        assertThat(bare.value("runs", 0).getLong()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"no-license", "with-dwarf"})
    void aCounterInAMap(String object) {
        var counter = Loaded.of(object);

        assertThat(counter.run("count")).isEqualTo(1);
        assertThat(counter.run("count")).isEqualTo(2);
        assertThat(counter.value("runs", 0).getLong()).isEqualTo(2);
    }

    @Test
    void aFaultNamesTheLineOfC() {
        var core = Loaded.of("core", LoadOptions.DEFAULT.unverified());

        var fault = assertThrows(ProgramFault.class, () -> core.run("fields"));

        assertThat(fault)
                .hasMessageContaining("program fields, instruction ")
                .hasMessageContaining(
                        "CO-RE relocation of struct sk_msg_md.size failed: no such type")
                .hasMessageContaining(", at core.bpf.c:")
                .hasMessageContaining(": int fields(struct sk_msg_md *msg)");
        assertThat(fault.line().orElseThrow().text())
                .isEqualTo("int fields(struct sk_msg_md *msg)");
    }

    private static ByteBuffer wide(int size) {
        return ByteBuffer.allocate(size).order(LITTLE_ENDIAN);
    }
}
