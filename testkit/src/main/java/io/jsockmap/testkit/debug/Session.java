package io.jsockmap.testkit.debug;

import io.jsockmap.testkit.record.RecordedRun;

import java.util.List;
import java.util.function.Supplier;

/**
 * What is debugged: something that can be played, again and again.
 *
 * {@snippet class="io.jsockmap.testkit.examples.DebugExamples" region="walk"}
 */
public interface Session {
    /** What people call it. */
    String title();

    /**
     * Plays it, and gives the runs of programs, recorded with {@link
     * io.jsockmap.testkit.record.RunLimits#DEBUG}, in any order.
     *
     * @throws io.jsockmap.bpf.BpfException if it can't be played
     */
    List<RecordedRun> play();

    /** What one was about when a run of the last play happened; empty if nothing is to be said. */
    default String during(RecordedRun run) {
        return "";
    }

    /** What came of the last play; empty if nothing is to be said. */
    default String outcome() {
        return "";
    }

    /** A session of that name that is played so. */
    static Session of(String title, Supplier<List<RecordedRun>> play) {
        return new Session() {
            @Override
            public String title() {
                return title;
            }

            @Override
            public List<RecordedRun> play() {
                return play.get();
            }
        };
    }
}
