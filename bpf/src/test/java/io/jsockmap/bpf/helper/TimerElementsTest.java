package io.jsockmap.bpf.helper;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Trial;
import io.jsockmap.bpf.map.ArrayMap;
import io.jsockmap.bpf.map.IndexKey;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapKinds;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which elements of maps have a timer, and for how long. */
class TimerElementsTest extends TimerPrograms {
    @Test
    void aTimerOfAnElementThatIsGoneNeverCallsBack() {
        run(INIT + setCallback(COUNT, START));
        var late = alarms.take();
        map.delete(IndexKey.of(1));
        map.update(IndexKey.of(1), new byte[32], UpdateFlag.ANY);

        late.run();

        assertThat(counter()).isZero();
        assertThat(run(INIT)).as("the new element has no timer").isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = MapType.class,
            names = {"HASH", "LRU_HASH"})
    void anElementThatGoesTakesItsAlarmWithIt(MapType type) {
        var small = MapKinds.plain().create(MapDefinition.of("small", type, 4, 32, 1));
        for (int i = 0; i < 3; i++) {
            small.update(IndexKey.of(1), new byte[32], UpdateFlag.ANY);
            run(small, INIT + setCallback(COUNT, START));
        }
        assertThat(alarms.delays()).as("replaced").hasSize(1);

        if (type == MapType.HASH) small.delete(IndexKey.of(1));
        else small.update(IndexKey.of(2), new byte[32], UpdateFlag.ANY);
        assertThat(alarms.delays()).as("deleted or evicted").isEmpty();
    }

    /** Whether it happens is looked at, and not when. */
    @Test
    @Timeout(60)
    void aMapThatNobodyCanReachTakesItsAlarmsWithIt() {
        run(
                new ArrayMap(MapDefinition.of("lost", MapType.ARRAY, 4, 32, 2)),
                INIT + setCallback(COUNT, START));
        assertThat(alarms.delays()).hasSize(1);

        while (!alarms.delays().isEmpty()) {
            System.gc();
            Thread.onSpinWait();
        }
    }

    @Test
    void aValueThatIsGoneTakesNoTimer() {
        var delete = "*(u32 *)(r10 - 4) = 1\nr2 = r10\nr2 += -4\nr1 = map[fd:0]\ncall 3\n";

        assertThat(run(delete + INIT)).isEqualTo(-16);
    }

    @Test
    void aReplacedValueHasNoTimer() {
        run(INIT + setCallback(COUNT, START));

        map.update(IndexKey.of(1), new byte[32], UpdateFlag.EXIST);

        assertThat(run(START)).isEqualTo(-22);
    }

    @Test
    void elementsOfAnArrayHaveTimersOfTheirOwn() {
        var array = new ArrayMap(MapDefinition.of("slots", MapType.ARRAY, 4, 32, 2));

        assertThat(run(array, INIT + setCallback(COUNT, START))).isZero();
        alarms.comes();

        assertThat(counter(array)).isEqualTo(11);
        assertThat(array.lookup(IndexKey.of(0)).orElseThrow()).containsOnly(0);
    }

    @Test
    void theOnlyElementOfAnArrayHasTheTimerAtItsAddress() {
        var array = new ArrayMap(MapDefinition.of("one", MapType.ARRAY, 4, 32, 1));
        var program = "r6 = map[fd:0][0]+0\n" + INIT + setCallback(COUNT, START);

        assertThat(Trial.of(program).with(array).in(environment).value()).isZero();
        alarms.comes();
        assertThat(array.memory().load(null, 24, 8)).isEqualTo(10);

        Trial.of("r6 = map[fd:0][0]+0\n" + START + "exit").with(array).in(environment).value();
        array.update(IndexKey.of(0), new byte[32], UpdateFlag.ANY);
        assertThat(alarms.delays()).as("the new value has no timer").isEmpty();
    }

    @Test
    void aValueHasOneTimer() {
        assertThat(run(INIT)).isZero();
        assertThat(run(INIT.replace("r1 += 8", "r1 += 16"))).isEqualTo(-16);
        assertThat(run(INIT.replace("r1 += 8", "r1 += 0"))).isEqualTo(-16);
    }

    @Test
    void aTimerThatIsNotAlignedIsAFault() {
        assertThat(fault(INIT.replace("r1 += 8", "r1 += 12"))).contains("is not aligned to 8");
    }

    /** The kernel refuses a map of another kind whose values have one. */
    @ParameterizedTest
    @EnumSource(
            value = MapType.class,
            names = {"PERCPU_HASH", "PERCPU_ARRAY", "LRU_PERCPU_HASH"})
    void mapsOfOtherKindsHaveNoTimers(MapType type) {
        var other = MapKinds.plain().create(MapDefinition.of("other", type, 4, 32, 2));
        other.update(IndexKey.of(1), new byte[other.userValueSize()], UpdateFlag.ANY);

        assertThat(Trial.of(VALUE + INIT + "exit").with(other).in(environment).fault())
                .hasMessageContaining("is not in a value of the map in R2");
    }

    @Test
    void anUpdateOfAnArrayEndsTheElementsTimer() {
        var array = new ArrayMap(MapDefinition.of("slots", MapType.ARRAY, 4, 32, 2));
        run(array, INIT + setCallback(COUNT, START));

        array.update(IndexKey.of(0), new byte[32], UpdateFlag.ANY);
        assertThat(alarms.delays()).hasSize(1);
        array.update(IndexKey.of(1), new byte[32], UpdateFlag.ANY);
        assertThat(alarms.delays()).isEmpty();
        assertThat(run(array, INIT)).as("the element may have a timer again").isZero();
    }

    @Test
    void aTimerOutsideOfTheMapsValuesIsAFault() {
        var array = new ArrayMap(MapDefinition.of("slots", MapType.ARRAY, 4, 32, 2));
        var other = VALUE + timer() + "r2 = map[fd:1]\nr3 = 1\ncall 169\nexit";

        assertThat(Trial.of(other).with(map, array).in(environment).fault())
                .hasMessageContaining("is not in a value of the map in R2");
        assertThat(fault("r6 = r10\nr6 += -64\n" + INIT))
                .contains("stack", "is not in a value of the map");
        assertThat(fault("r6 += 20\n" + INIT)).contains("16 bytes at offset 28 of value of map");
        assertThat(fault("r6 = 0\n" + INIT)).contains("of 0x8: is not a pointer");
        assertThat(fault("r6 = map[fd:0]\n" + INIT)).contains("map flows");
        assertThat(fault(timer() + "r2 = r6\nr3 = 1\ncall 169\n")).contains("is not a map");
        assertThat(fault(INIT + timer() + "r2 = r6\ncall 170\n")).contains("is not a function");
        assertThat(fault("r6 = 0\n" + START)).contains("is not a pointer");
        assertThat(fault("r6 = 0\n" + CANCEL)).contains("is not a pointer");
    }
}
