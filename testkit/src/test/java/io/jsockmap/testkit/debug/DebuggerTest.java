package io.jsockmap.testkit.debug;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.testkit.debug.Debugger.Reason;
import io.jsockmap.testkit.record.Ending.Outcome;
import io.jsockmap.testkit.record.Named;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;

/** Walks through recorded runs, forward and back. */
class DebuggerTest {
    private static String line(Debugger debugger) {
        return debugger.view().isOver()
                ? "over"
                : debugger.view().line().map(line -> line.text()).orElse("?");
    }

    private static String function(Debugger debugger) {
        return debugger.view().frames().getFirst().function();
    }

    /** All places that a way leads to, until it leads no further. */
    private static List<Place> places(Debugger debugger, Supplier<Debugger.Stop> way) {
        var all = new ArrayList<Place>();
        all.add(debugger.place());
        while (way.get().reason() == Reason.STEP) all.add(debugger.place());
        return all;
    }

    @Test
    void aLineIsReachedForwardAndBack() {
        var debugger = new Debugger(Played.session("Pa", "Wb"));
        debugger.add(new Breakpoint.AtLine("tour.bpf.c", 83));

        assertThat(debugger.resume().reason()).isEqualTo(Reason.BREAKPOINT);
        assertThat(line(debugger)).isEqualTo("total++;");
        assertThat(debugger.place().run()).isZero();
        assertThat(debugger.resume().reason()).isEqualTo(Reason.BREAKPOINT);
        assertThat(debugger.place().run()).isEqualTo(1);
        assertThat(debugger.resume().reason()).isEqualTo(Reason.END);
        assertThat(debugger.view().isOver()).isTrue();

        assertThat(debugger.resumeBack().reason()).isEqualTo(Reason.BREAKPOINT);
        assertThat(debugger.place().run()).isEqualTo(1);
        assertThat(debugger.resumeBack().reason()).isEqualTo(Reason.BREAKPOINT);
        assertThat(debugger.place().run()).isZero();
        assertThat(debugger.resumeBack().reason()).isEqualTo(Reason.START);
    }

    @Test
    void everyKindOfBreakpointStops() {
        var debugger = new Debugger(Played.session("Pa", "Xb"));
        debugger.add(new Breakpoint.AtFunction("note"));
        debugger.resume();
        assertThat(function(debugger)).isEqualTo("note");

        debugger.add(new Breakpoint.AtCall("map_update_elem"));
        debugger.resume();
        assertThat(debugger.view().instruction()).contains("call bpf_map_update_elem");

        debugger.add(new Breakpoint.AtVerdict(Outcome.DROP));
        debugger.breakpoints().subList(0, 2).forEach(debugger::remove);
        debugger.resume();
        assertThat(debugger.view().isOver()).isTrue();
        assertThat(debugger.view().run().ending().outcome()).isEqualTo(Outcome.DROP);

        debugger.breakpoints().forEach(debugger::remove);
        debugger.add(new Breakpoint.AtSlot("first", 0));
        debugger.resumeBack();
        assertThat(debugger.place()).isEqualTo(new Place(1, 0));
    }

    @Test
    void nextStaysInTheFunctionAndStepGoesInto() {
        var debugger = new Debugger(Played.session("Pa"));
        debugger.add(new Breakpoint.AtLine("tour.bpf.c", 84));
        debugger.resume();
        debugger.next();
        assertThat(line(debugger)).isEqualTo("switch (data[0]) {");

        debugger.resumeBack();
        debugger.step();
        assertThat(function(debugger)).isEqualTo("note");
        debugger.finish();
        assertThat(function(debugger)).isEqualTo("first");
        assertThat(line(debugger)).isEqualTo("switch (data[0]) {");
    }

    @Test
    void backUndoesNext() {
        var debugger = new Debugger(Played.session("Lx"));
        var forward = places(debugger, debugger::next);
        var back = places(debugger, debugger::nextBack);

        Collections.reverse(back);
        assertThat(back).isEqualTo(forward);
    }

    @Test
    void backUndoesStepAlsoThroughCallbacksAndTailCalls() {
        var debugger = new Debugger(Played.session("Lx", "Tx"));
        var forward = places(debugger, debugger::step);
        var back = places(debugger, debugger::stepBack);

        Collections.reverse(back);
        assertThat(back).isEqualTo(forward);
    }

    @Test
    void instructionsAreWalkedOneByOne() {
        var debugger = new Debugger(Played.session("Pa", "Pb"));
        var forward = places(debugger, debugger::stepInstruction);
        var back = places(debugger, debugger::backInstruction);

        // A moment before each step, and one when a run is over.
        assertThat(forward)
                .hasSize(debugger.runs().stream().mapToInt(r -> r.steps().size() + 1).sum());
        Collections.reverse(back);
        assertThat(back).isEqualTo(forward);
    }

    @Test
    void finishBackIsAtTheCall() {
        var debugger = new Debugger(Played.session("Pa"));
        debugger.add(new Breakpoint.AtCall("bpf_map_lookup_elem"));
        debugger.resume();
        debugger.finishBack();

        assertThat(debugger.view().instruction()).startsWith("(85) call pc");
        assertThat(function(debugger)).isEqualTo("first");
    }

    @Test
    void memoryIsAsItWasAtTheMoment() {
        var debugger = new Debugger(Played.session("Wbc"));
        debugger.add(new Breakpoint.AtLine("tour.bpf.c", 89));
        debugger.resume();
        assertThat(Bytes.text(debugger.view().message())).isEqualTo("Wbc");
        debugger.resume();
        assertThat(Bytes.text(debugger.view().message())).isEqualTo("W!c");
        debugger.resumeBack();
        assertThat(Bytes.text(debugger.view().message())).isEqualTo("Wbc");
    }

    @Test
    void functionsShowWhereTheyStand() {
        var debugger = new Debugger(Played.session("Lx"));
        debugger.add(new Breakpoint.AtFunction("each"));
        debugger.resume();
        debugger.resume();
        var view = debugger.view();

        assertThat(view.frames())
                .extracting(frame -> frame.function())
                .containsExactly("each", "first");
        assertThat(view.stepOf(1).line().orElseThrow().text())
                .isEqualTo("bpf_loop(3, each, &sum, 0);");
        assertThat(view.registers(1))
                .extracting(Named::toString)
                .contains("r1=3", "r2=function each", "r3=fp-4");
    }

    @Test
    void whatHasANameCanBeAskedFor() {
        var debugger = new Debugger(Played.session("Pa", "Pbc"));
        debugger.add(new Breakpoint.AtLine("tour.bpf.c", 85));
        debugger.resume();
        debugger.resume();
        var view = debugger.view();

        assertThat(Expression.value("r7", view, 0)).contains("ctx");
        assertThat(Expression.value("msg->size", view, 0)).contains("3");
        assertThat(Expression.value("size", view, 0)).contains("3");
        assertThat(Expression.value("total", view, 0)).contains("2");
        assertThat(Expression.value("kinds[80]", view, 0)).contains("{messages=2, bytes=5}");
        assertThat(Expression.value("kinds[80].bytes", view, 0)).contains("5");
        assertThat(Expression.value("kinds", view, 0)).contains("{80: {messages=2, bytes=5}}");
        assertThat(Expression.value("msg", view, 0)).contains("ctx");
        assertThat(Expression.value("nothing", view, 0)).isEmpty();
        assertThat(Expression.value("kinds[81]", view, 0)).isEmpty();
    }

    @Test
    void playingAnewKeepsBreakpoints() {
        var debugger = new Debugger(Played.session("Pa"));
        debugger.add(new Breakpoint.AtFunction("first"));
        debugger.resume();
        debugger.play();

        assertThat(debugger.place()).isEqualTo(Place.START);
        assertThat(debugger.resumeFromHere().reason()).isEqualTo(Reason.BREAKPOINT);
        assertThat(debugger.place()).isEqualTo(Place.START);
    }
}
