package io.jsockmap.testkit.scenario;

import io.jsockmap.bpf.btf.SourceLine;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.testkit.stage.RunNote;
import io.jsockmap.testkit.stage.Stage;

import java.util.List;
import java.util.Optional;

/**
 * How a play came out.
 *
 * @param failure empty if all was as expected
 * @param runs of programs, in the order of their ends
 */
record Played(Play play, Optional<Failure> failure, List<NamedRun> runs) {
    Played {
        runs = List.copyOf(runs);
    }

    /**
     * What was not as expected.
     *
     * @param step at which it showed; empty if only at the end
     * @param socket the socket it is about, if it is about one
     */
    record Failure(Optional<Scenario.Placed> step, Optional<String> socket, String problem) {}

    /**
     * A run with the name of its socket, which is the same in every play.
     *
     * @param parses whether the program is a parser
     */
    record NamedRun(String socket, RunNote note, boolean parses) {
        static NamedRun of(RunNote note, Stage stage) {
            var attached = stage.object().attachType(note.program().name());
            return new NamedRun(
                    note.socket().map(stage::nameOf).orElse(""),
                    note,
                    attached.filter(AttachType.SK_SKB_STREAM_PARSER::equals).isPresent());
        }

        /** What runs are compared with in another play. */
        String key() {
            return socket + " " + note.program().name();
        }

        List<SourceLine> lines() {
            return note.lines();
        }
    }
}
