package io.jsockmap.bpf.helper;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.jsockmap.bpf.Fixtures;
import io.jsockmap.bpf.Trial;
import io.jsockmap.bpf.map.ArrayMap;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.Cpu;
import io.jsockmap.bpf.map.HashMap;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.memory.ByteRegion;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.HelperNames;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.MemorySegment;
import java.util.stream.Stream;

/** The helpers of every type of program, as a program calls them. */
class BaseHelpersTest {
    private static final String KEY = "*(u32 *)(r10 - 4) = %d\nr2 = r10\nr2 += -4\n";
    private static final String MAP = "r1 = map[fd:0]\n";

    private final HashMap flows = new HashMap(MapDefinition.of("flows", MapType.HASH, 4, 8, 2));

    @ParameterizedTest
    @ValueSource(ints = {5, 125, 160})
    void timeComesFromTheEnvironment(int helper) {
        var environment = new Environment(() -> 123_456_789_012L, () -> 0, _ -> {});

        assertThat(Trial.of("call %d\nexit".formatted(helper)).in(environment).value())
                .isEqualTo(123_456_789_012L);
    }

    @Test
    void wallTimeComesFromTheEnvironment() {
        var environment = Environment.system().withWallTime(() -> 1_700_000_000_123_456_789L);

        assertThat(Trial.of("call 208\nexit").in(environment).value())
                .isEqualTo(1_700_000_000_123_456_789L);
    }

    @Test
    void aJiffyHasFourMilliseconds() {
        var environment = new Environment(() -> 1_003_999_999L, () -> 0, _ -> {});

        assertThat(Trial.of("call 118\nexit").in(environment).value()).isEqualTo(250);
    }

    @Test
    void chanceComesFromTheEnvironmentAsThirtyTwoBitsWithoutASign() {
        var environment = new Environment(() -> 0, () -> -2, _ -> {});

        assertThat(Trial.of("call 7\nexit").in(environment).value()).isEqualTo(0xffff_fffeL);
    }

    @Test
    void theCpuIsOneOfThoseThereAre() {
        assertThat(Trial.of("call 8\nexit").value()).isBetween(0L, Cpu.COUNT - 1L);
        assertThat(Trial.of("call 42\nexit").value()).isZero();
    }

    @Test
    void aValueIsUpdatedFoundAndDeleted() {
        assertThat(update(flows, 1, 77, 0)).isZero();
        assertThat(Trial.of(lookup(1)).with(flows).value()).isEqualTo(77);

        assertThat(delete(flows, 1)).isZero();
        assertThat(Trial.of(lookup(1)).with(flows).value()).isEqualTo(-1);
    }

    @Test
    void aValueIsWrittenThroughItsPointer() {
        update(flows, 1, 77, 0);

        Trial.of(KEY.formatted(1) + MAP + "call 1\nif r0 == 0 goto +1\n*(u64 *)(r0 + 0) = 78\nexit")
                .with(flows)
                .run();

        assertThat(Trial.of(lookup(1)).with(flows).value()).isEqualTo(78);
    }

    @Test
    void whatAMapRefusesIsANegativeErrno() {
        assertThat(update(flows, 1, 0, 2)).isEqualTo(-2);
        assertThat(update(flows, 1, 0, 1)).isZero();
        assertThat(update(flows, 1, 0, 1)).isEqualTo(-17);
        assertThat(update(flows, 1, 0, 9)).isEqualTo(-22);
        assertThat(update(flows, 2, 0, 0)).isZero();
        assertThat(update(flows, 3, 0, 0)).isEqualTo(-7);
        assertThat(delete(flows, 3)).isEqualTo(-2);
    }

    @Test
    void aMapThatProgramsOnlyReadRefusesTheirUpdates() {
        var definition = MapDefinition.of("limits", MapType.ARRAY, 4, 8, 1);
        var limits = new ArrayMap(definition.withFlags(BpfMap.RDONLY_PROG));

        assertThat(update(limits, 0, 1, 0)).isEqualTo(-13);
        assertThat(delete(limits, 0)).isEqualTo(-13);
    }

    @ParameterizedTest
    @CsvSource({"5, 0, 5", "0, 0, 0", "8388609, 0, -7", "4294967295, 0, -7", "5, 1, -22"})
    void aLoopRunsAsOftenAsItIsTold(long times, long flags, long result) {
        assertThat(loop(times, flags).value()).isEqualTo(result);
    }

    /** As many rounds as the kernel allows; they would take longer than a test should. */
    @Test
    void aLoopOfEightMillionRoundsBegins() {
        assertThat(loop(8_388_608, 0).upTo(1000).fault())
                .hasMessageContaining("ran for more than 1000 instructions");
    }

    private static Trial loop(long times, long flags) {
        return Trial.of(
                """
                r1 = %d ll
                r2 = subprog[+5]
                r3 = 0
                r4 = %d
                call 181
                exit
                callback:
                r0 = 0
                exit
                """
                        .formatted(times, flags));
    }

    @Test
    void aLoopEndsWhenItsCallbackSaysSo() {
        var trial =
                Trial.of(
                        """
                        r1 = 100
                        r2 = subprog[+5]
                        r3 = 3
                        r4 = 0
                        call 181
                        exit
                        callback:
                        r0 = 0
                        if r1 != r2 goto +1
                        r0 = 1
                        exit
                        """);

        assertThat(trial.value()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({
        "'abc', 'abc', 3, 0",
        "'abc', 'abd', 3, -1",
        "'abd', 'abc', 3, 1",
        "'abc', 'abd', 2, 0",
        "'ab', 'abc', 4, -1",
        "'abc', 'ab', 4, 1",
        "'', '', 1, 0",
        "'abc', 'xyz', 0, 0",
    })
    void textsAreComparedAsFarAsTold(String left, String right, int size, int sign) {
        var memory = ByteRegion.allocate("texts", 16);
        put(memory, 0, left);
        put(memory, 8, right);

        long result =
                Trial.of("r3 = r1\nr3 += 8\nr2 = %d\ncall 182\nexit".formatted(size))
                        .on(memory)
                        .value();

        assertThat(result).isEqualTo(sign);
    }

    @Test
    void bytesOfTextHaveNoSign() {
        var memory = ByteRegion.allocate("texts", 16);
        memory.store(null, 0, 1, 0xff);
        memory.store(null, 8, 1, 0x01);

        assertThat(Trial.of("r3 = r1\nr3 += 8\nr2 = 4\ncall 182\nexit").on(memory).value())
                .isPositive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "map_lookup_elem map_update_elem map_delete_elem",
                "tail_call get_prandom_u32 get_smp_processor_id get_numa_node_id",
                "ktime_get_ns ktime_get_boot_ns ktime_get_tai_ns ktime_get_coarse_ns",
                "strtol strtoul strncmp",
                "get_current_pid_tgid get_current_uid_gid get_ns_current_pid_tgid",
                "spin_lock spin_unlock jiffies64 loop",
                "timer_init timer_set_callback timer_start timer_cancel",
                "dynptr_from_mem dynptr_read dynptr_write dynptr_data",
                "ringbuf_reserve_dynptr ringbuf_submit_dynptr ringbuf_discard_dynptr",
                "get_current_cgroup_id get_current_ancestor_cgroup_id",
                "current_task_under_cgroup get_cgroup_classid",
                "trace_printk trace_vprintk snprintf snprintf_btf",
                "probe_read_user probe_read_kernel",
                "probe_read_user_str probe_read_kernel_str",
                "get_current_task get_current_task_btf get_current_comm",
            })
    @DisplayName("H1: every type of program has the base helpers")
    void whatEveryTypeOfProgramHas(String names) {
        assertThat(BaseHelpers.ALL)
                .extracting(Helper::name)
                .doesNotHaveDuplicates()
                .containsAll(Stream.of(names.split(" ")).map(name -> "bpf_" + name).toList());
    }

    /** There is nothing of the kernel's that they could point to. */
    @ParameterizedTest
    @ValueSource(ints = {153, 154, 194})
    void pointersToThingsOfTheKernelAreNotOffered(int helper) {
        assertThat(Fixtures.PLAIN.helper(helper)).isEmpty();
        assertThat(Trial.of("call %d\nexit".formatted(helper)).fault())
                .hasMessageContaining("cannot use helper " + HelperNames.of(helper));
    }

    @Test
    void everyHelperHasTheKernelsNumber() {
        assertThat(BaseHelpers.ALL)
                .allSatisfy(helper -> assertThat(helper.name()).startsWith("bpf_"));
        assertThat(Fixtures.PLAIN.helper(181).orElseThrow().name()).isEqualTo("bpf_loop");
        assertThat(Fixtures.PLAIN.helper(182).orElseThrow().name()).isEqualTo("bpf_strncmp");
        assertThat(HelperNames.of(211)).isEqualTo("bpf_cgrp_storage_delete");
        assertThat(HelperNames.of(212)).isEqualTo("unknown");
        assertThat(HelperNames.of(-1)).isEqualTo("unknown");
    }

    private static void put(ByteRegion memory, int at, String text) {
        var bytes = MemorySegment.ofArray(text.getBytes(US_ASCII));
        memory.segment().asSlice(at, text.length()).copyFrom(bytes);
    }

    private static String lookup(int key) {
        return KEY.formatted(key)
                + MAP
                + "call 1\nif r0 != 0 goto +2\nr0 = -1\nexit\nr0 = *(u64 *)(r0 + 0)\nexit";
    }

    private static long update(BpfMap map, int key, int value, int flags) {
        var stored = "*(u64 *)(r10 - 16) = %d\nr3 = r10\nr3 += -16\n".formatted(value);
        var flag = "r4 = %d\n".formatted(flags);
        return Trial.of(KEY.formatted(key) + stored + flag + MAP + "call 2\nexit")
                .with(map)
                .value();
    }

    private static long delete(BpfMap map, int key) {
        return Trial.of(KEY.formatted(key) + MAP + "call 3\nexit").with(map).value();
    }
}
