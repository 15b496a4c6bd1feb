package io.jsockmap.testkit.dap;

import io.jsockmap.testkit.debug.Debugger;
import io.jsockmap.testkit.debug.View;

import org.eclipse.lsp4j.debug.Capabilities;
import org.eclipse.lsp4j.debug.DisassembleArguments;
import org.eclipse.lsp4j.debug.DisassembleResponse;
import org.eclipse.lsp4j.debug.EvaluateArguments;
import org.eclipse.lsp4j.debug.EvaluateResponse;
import org.eclipse.lsp4j.debug.ExceptionBreakpointsFilter;
import org.eclipse.lsp4j.debug.Scope;
import org.eclipse.lsp4j.debug.ScopesResponse;
import org.eclipse.lsp4j.debug.StackFrame;
import org.eclipse.lsp4j.debug.StackTraceArguments;
import org.eclipse.lsp4j.debug.StackTraceResponse;
import org.eclipse.lsp4j.debug.ThreadsResponse;
import org.eclipse.lsp4j.debug.Variable;
import org.eclipse.lsp4j.debug.VariablesResponse;

import java.util.Optional;
import java.util.stream.IntStream;

/** What the client is shown of the moment at which the debugger stands. */
final class Shown {
    private final Debugger debugger;
    private final Sources sources;
    private final Handles handles;

    Shown(Debugger debugger, Sources sources, Handles handles) {
        this.debugger = debugger;
        this.sources = sources;
        this.handles = handles;
    }

    static Capabilities capabilities() {
        var can = new Capabilities();
        can.setSupportsConfigurationDoneRequest(true);
        can.setSupportsFunctionBreakpoints(true);
        can.setSupportsInstructionBreakpoints(true);
        can.setSupportsStepBack(true);
        can.setSupportsSteppingGranularity(true);
        can.setSupportsDisassembleRequest(true);
        can.setSupportsEvaluateForHovers(true);
        can.setExceptionBreakpointFilters(
                Breakpoints.EXCEPTIONS.stream()
                        .map(
                                outcome -> {
                                    var filter = new ExceptionBreakpointsFilter();
                                    filter.setFilter(outcome.word());
                                    filter.setLabel("Verdict: " + outcome.word());
                                    return filter;
                                })
                        .toArray(ExceptionBreakpointsFilter[]::new));
        return can;
    }

    static ThreadsResponse threads(int number, String name) {
        var thread = new org.eclipse.lsp4j.debug.Thread();
        thread.setId(number);
        thread.setName(name);
        var response = new ThreadsResponse();
        response.setThreads(new org.eclipse.lsp4j.debug.Thread[] {thread});
        return response;
    }

    StackTraceResponse stackTrace(StackTraceArguments wanted) {
        var view = debugger.view();
        int all = view.frames().size();
        int from = wanted.getStartFrame() == null ? 0 : Math.max(0, wanted.getStartFrame());
        boolean isLimited = wanted.getLevels() != null && wanted.getLevels() > 0;
        int to = isLimited ? (int) Math.min(all, from + (long) wanted.getLevels()) : all;
        var response = new StackTraceResponse();
        response.setTotalFrames(all);
        response.setStackFrames(
                IntStream.range(from, to)
                        .mapToObj(place -> frame(view, place))
                        .toArray(StackFrame[]::new));
        return response;
    }

    /** Frames are numbered from 1, the innermost first. */
    private StackFrame frame(View view, int place) {
        var step = view.stepOf(place);
        var frame = view.frames().get(place);
        var shown = new StackFrame();
        shown.setId(place + 1);
        shown.setName(
                place == 0 && view.isOver()
                        ? "%s: %s".formatted(frame.function(), view.run().ending().text())
                        : frame.function());
        shown.setInstructionPointerReference(Code.address(step.program(), step.slot()));
        step.line()
                .ifPresent(
                        line -> {
                            shown.setSource(sources.of(step.program(), line.file()));
                            shown.setLine(line.line());
                            shown.setColumn(Math.max(1, line.column()));
                        });
        return shown;
    }

    /** The place of a frame of that number; the innermost one if there is none. */
    private int place(View view, Integer frameId) {
        boolean isKnown = frameId != null && frameId >= 1 && frameId <= view.frames().size();
        return isKnown ? frameId - 1 : 0;
    }

    ScopesResponse scopes(int frameId) {
        var view = debugger.view();
        var response = new ScopesResponse();
        response.setScopes(
                Node.scopes(view, place(view, frameId)).stream()
                        .map(this::scope)
                        .toArray(Scope[]::new));
        return response;
    }

    private Scope scope(Node node) {
        var scope = new Scope();
        scope.setName(node.name());
        scope.setExpensive(false);
        scope.setVariablesReference(handles.of(node));
        return scope;
    }

    VariablesResponse variables(int handle) {
        var response = new VariablesResponse();
        response.setVariables(
                handles.children(handle).stream().map(this::variable).toArray(Variable[]::new));
        return response;
    }

    private Variable variable(Node node) {
        var variable = new Variable();
        variable.setName(node.name());
        variable.setValue(node.value());
        variable.setVariablesReference(handles.of(node));
        return variable;
    }

    Optional<EvaluateResponse> evaluate(EvaluateArguments wanted) {
        var view = debugger.view();
        return view.evaluate(wanted.getExpression(), place(view, wanted.getFrameId()))
                .map(
                        value -> {
                            var response = new EvaluateResponse();
                            response.setResult(value);
                            return response;
                        });
    }

    Optional<DisassembleResponse> disassemble(DisassembleArguments wanted) {
        int skip = wanted.getInstructionOffset() == null ? 0 : wanted.getInstructionOffset();
        int count = wanted.getInstructionCount();
        return Code.Place.of(wanted.getMemoryReference(), wanted.getOffset())
                .flatMap(
                        place ->
                                Breakpoints.programOf(debugger, place)
                                        .map(p -> Code.list(p, place.slot(), skip, count)))
                .map(
                        instructions -> {
                            var response = new DisassembleResponse();
                            response.setInstructions(instructions);
                            return response;
                        });
    }
}
