package io.jsockmap.bench.path;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessTreeTest {
    @Test
    void ticksAreThoseOfTheProcessAndOfItsEndedChildrenWhateverItsName() {
        var stat = "12 (a) b (c)) S 1 12 12 0 -1 4194304 98 7 6 5 1000 200 30 4 20 0 1 0 1518692\n";

        assertThat(ProcessTree.ticks(stat)).isEqualTo(1234);
    }

    @Test
    void aProcessThatIsGoneTakesNothing() {
        assertThat(ProcessTree.ticks("")).isZero();
        assertThat(ProcessTree.proportional("")).isZero();
    }

    @Test
    void memoryIsTheProportionalPartAndNothingElse() {
        var rollup =
                """
                55e0b0b0d000-7ffd2e5ff000 ---p 00000000 00:00 0                [rollup]
                Rss:                1744 kB
                Pss:                 300 kB
                Pss_Dirty:           100 kB
                Private_Dirty:       100 kB
                """;

        assertThat(ProcessTree.proportional(rollup)).isEqualTo(300 * 1024);
    }

    @Test
    void thisProcessHasTakenSomeOfBoth() {
        var tree = new ProcessTree(ProcessHandle.current());

        assertThat(tree.cpu()).isPositive();
        assertThat(tree.memory()).isGreaterThan(1 << 20);
    }

    @Test
    void aMachineIsBusyUnlessItIsIdleOrWaits() {
        assertThat(Bystanders.busy("cpu  1 20 300 9999 8888 4000 50000 600000 77 66"))
                .isEqualTo(654321);
    }
}
