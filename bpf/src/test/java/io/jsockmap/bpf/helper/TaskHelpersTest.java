package io.jsockmap.bpf.helper;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.jsockmap.bpf.Trial;
import io.jsockmap.bpf.map.ArrayMap;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.memory.ByteRegion;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.Task;
import io.jsockmap.bpf.program.Task.PidNamespace;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.function.Function;

/** Helpers that tell the task and its control group. */
class TaskHelpersTest {
    private static final Task TASK =
            new Task(0x1234, -5, 1000, -2, "web-server", new PidNamespace(4, 0xf000_0001L));

    private final ByteRegion memory = ByteRegion.allocate("memory", 32);

    @Test
    @DisplayName("H4: the numbers of process, thread, user and group are the task's")
    void numbersOfTheTask() {
        assertThat(call("call 14\nexit")).isEqualTo(0x0000_1234_ffff_fffbL);
        assertThat(call("call 15\nexit")).isEqualTo(0xffff_fffe_0000_03e8L);
    }

    @Test
    @DisplayName("H4: by default the task is the thread of the JVM that runs the program")
    void theTaskIsThisThread() {
        long answer = Trial.of("call 14\nexit").value();

        assertThat(answer >>> 32).isEqualTo(ProcessHandle.current().pid());
        assertThat((int) answer).isEqualTo((int) Thread.currentThread().threadId());
    }

    @ParameterizedTest
    @CsvSource({
        "16, web-server",
        "11, web-server",
        "10, web-serve",
        "2, w",
        "1, ''",
        "32, web-server"
    })
    void theNameIsCutWithAZeroByteAndTheRestIsZeros(int size, String name) {
        memory.segment().fill((byte) '#');

        assertThat(call("r2 = %d\ncall 16\nexit".formatted(size))).isZero();
        assertThat(memory.segment().getString(0, ISO_8859_1)).isEqualTo(name);
        for (int i = name.length(); i < size; i++) {
            assertThat(memory.load(null, i, 1)).as("byte %d", i).isZero();
        }
        if (size < 32) assertThat(memory.load(null, size, 1)).isEqualTo('#');
    }

    @Test
    void aLongNameHasFifteenBytes() {
        var task = new Task(1, 1, 0, 0, "a-name-of-twenty-one!", PidNamespace.NONE);

        trial("r2 = 32\ncall 16\nexit", task).value();

        assertThat(memory.segment().getString(0, ISO_8859_1)).isEqualTo("a-name-of-twent");
    }

    @Test
    void aNameWithoutRoomIsAnInvalidArgumentAndOneOutsideAFault() {
        assertThat(call("r2 = 0\ncall 16\nexit")).isEqualTo(-22);
        assertThat(trial("r2 = 33\ncall 16\nexit", TASK).fault())
                .hasMessageContaining("33 bytes at offset 0 of memory");
        assertThat(trial("r2 = -1\ncall 16\nexit", TASK).fault())
                .hasMessageContaining("a size of -1");
    }

    @Test
    void inItsOwnNamespaceTheTaskHasItsNumbers() {
        assertThat(inNamespace(4, 0xf000_0001L, 8)).isZero();
        assertThat(memory.load(null, 0, 4)).isEqualTo(0xffff_fffbL);
        assertThat(memory.load(null, 4, 4)).isEqualTo(0x1234);
    }

    @ParameterizedTest
    @CsvSource({"5, 0xf0000001, 8", "4, 0xf0000002, 8", "4, 0xf0000001, 16", "4, 0xf0000001, 4"})
    void anotherNamespaceOrSizeIsAnInvalidArgumentAndZeros(long device, String inode, int size) {
        memory.segment().fill((byte) '#');

        assertThat(inNamespace(device, Long.decode(inode), size)).isEqualTo(-22);
        for (int i = 0; i < size; i++) assertThat(memory.load(null, i, 1)).isZero();
        assertThat(memory.load(null, size, 1)).isEqualTo('#');
    }

    @Test
    void aTaskWithoutNamespaceIsInNone() {
        var task = new Task(1, 1, 0, 0, "none", PidNamespace.NONE);

        assertThat(trial(namespaceOf(-1, -1, 8), task).value()).isEqualTo(-22);
    }

    @ParameterizedTest
    @ValueSource(ints = {35, 158})
    @DisplayName("F33: the task's structure is offered, and null")
    void theTasksStructureIsNull(int helper) {
        assertThat(call("call %d\nexit".formatted(helper))).isZero();
    }

    @Test
    void allTasksAreInTheRootOfTheGroups() {
        assertThat(call("call 80\nexit")).isEqualTo(1);
        assertThat(call("r1 = 0\ncall 123\nexit")).isEqualTo(1);
        assertThat(call("r1 = 1\ncall 123\nexit")).isZero();
        assertThat(call("r1 = -1\ncall 123\nexit")).isZero();
        assertThat(call("call 17\nexit")).isZero();
    }

    @Test
    void anArrayOfGroupsIsEmpty() {
        var groups = new ArrayMap(MapDefinition.of("groups", MapType.ARRAY, 4, 4, 2));
        Function<Integer, Trial> under =
                index ->
                        Trial.of("r1 = map[fd:0]\nr2 = %d\ncall 37\nexit".formatted(index))
                                .with(groups);

        assertThat(under.apply(1).value()).isEqualTo(-11);
        assertThat(under.apply(2).value()).isEqualTo(-7);
        assertThat(under.apply(-1).value()).isEqualTo(-7);
        assertThat(Trial.of("r2 = 0\ncall 37\nexit").on(memory).fault())
                .hasMessageContaining("memory: is not a map");
    }

    private long inNamespace(long device, long inode, int size) {
        return call(namespaceOf(device, inode, size));
    }

    private static String namespaceOf(long device, long inode, int size) {
        return "r3 = r1\nr1 = %d ll\nr2 = %d ll\nr4 = %d\ncall 120\nexit"
                .formatted(device, inode, size);
    }

    private long call(String text) {
        return trial(text, TASK).value();
    }

    private Trial trial(String text, Task task) {
        return Trial.of(text).on(memory).in(Environment.system().onBehalfOf(() -> task));
    }
}
