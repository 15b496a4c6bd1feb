package io.jsockmap.testkit.scenario;

import io.jsockmap.bpf.Errno;
import io.jsockmap.sockmap.setup.Element;
import io.jsockmap.sockmap.socket.Verdict;
import io.jsockmap.testkit.stage.SocketChoice;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What is done, or expected, next. */
sealed interface Step {

    /**
     * Bytes are sent.
     *
     * @param lengths of pieces that each are sent on its own; the rest is the last piece
     * @param errno what an application's send ends with instead of success
     * @param accepts how many bytes an application's send takes, if not all
     */
    record Send(
            Endpoint from,
            byte[] bytes,
            List<Integer> lengths,
            Optional<Errno> errno,
            OptionalLong accepts)
            implements Step {}

    /**
     * What a capture has of a conversation; when a scenario is read it becomes the steps it has.
     */
    record Captured(List<Step> steps) implements Step {}

    /** Bytes, and no others, can be read now. */
    record Expect(Endpoint at, byte[] bytes, Match match) implements Step {}

    /** How bytes are compared. */
    enum Match {
        EXACT,
        START,
        CONTAINS
    }

    /** The end of stream is reached, behind all bytes. */
    record ExpectEnd(Endpoint at) implements Step {}

    /** The connection was reset, or a read fails. */
    record ExpectError(Endpoint at, Errno errno) implements Step {}

    /**
     * These verdicts were given on a socket's messages since the last such step, the same one in a
     * row counted once.
     *
     * @param program only those of this program
     * @param line all of them were decided at this line of C: its number, perhaps behind the file
     * @param target where redirected messages went
     */
    record ExpectVerdicts(
            String socket,
            List<Verdict> verdicts,
            Optional<String> program,
            Optional<String> line,
            Optional<Endpoint> target)
            implements Step {}

    /**
     * What a map or variable holds.
     *
     * @param place {@code MAP[KEY]}, or a variable's name
     * @param value in the notation of values; empty if nothing shall be there
     */
    record ExpectValue(String place, Optional<String> value) implements Step {}

    /** The next record of a ring buffer or queue, or of a perf event array. */
    record ExpectEvent(String map, byte[] bytes) implements Step {}

    /** A program was ended by a fault whose message contains a text. */
    record ExpectFault(String text) implements Step {}

    /** A program has printed a line that contains a text. */
    record ExpectPrinted(String text) implements Step {}

    /** The connection is closed in order from one end. */
    record Close(Endpoint by) implements Step {}

    /** One end sends no more, and still receives. */
    record Shutdown(Endpoint by) implements Step {}

    /** The connection is reset from one end. */
    record Reset(Endpoint by) implements Step {}

    /** A socket is opened. */
    record Open(String name, SocketChoice choice) implements Step {}

    /** A socket is put into a map. */
    record Insert(Element element, Optional<Errno> errno) implements Step {}

    /** An element of a map is set. */
    record Set(Element element) implements Step {}

    /** An element is taken out of a map. */
    record Delete(Element element, Optional<Errno> errno) implements Step {}

    /** Time goes by. */
    record Advance(Duration time) implements Step {}
}
