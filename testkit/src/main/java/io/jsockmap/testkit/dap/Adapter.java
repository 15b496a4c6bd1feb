package io.jsockmap.testkit.dap;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.btf.SourceLine;
import io.jsockmap.testkit.debug.Breakpoint;
import io.jsockmap.testkit.debug.Debugger;
import io.jsockmap.testkit.debug.Debugger.Reason;
import io.jsockmap.testkit.debug.Debugger.Stop;
import io.jsockmap.testkit.debug.Session;
import io.jsockmap.testkit.record.RecordedRun;
import io.jsockmap.testkit.source.SourceFiles;

import org.eclipse.lsp4j.debug.Capabilities;
import org.eclipse.lsp4j.debug.ConfigurationDoneArguments;
import org.eclipse.lsp4j.debug.ContinueArguments;
import org.eclipse.lsp4j.debug.ContinueResponse;
import org.eclipse.lsp4j.debug.DisassembleArguments;
import org.eclipse.lsp4j.debug.DisassembleResponse;
import org.eclipse.lsp4j.debug.DisconnectArguments;
import org.eclipse.lsp4j.debug.EvaluateArguments;
import org.eclipse.lsp4j.debug.EvaluateResponse;
import org.eclipse.lsp4j.debug.InitializeRequestArguments;
import org.eclipse.lsp4j.debug.NextArguments;
import org.eclipse.lsp4j.debug.OutputEventArguments;
import org.eclipse.lsp4j.debug.ReverseContinueArguments;
import org.eclipse.lsp4j.debug.ScopesArguments;
import org.eclipse.lsp4j.debug.ScopesResponse;
import org.eclipse.lsp4j.debug.SetBreakpointsArguments;
import org.eclipse.lsp4j.debug.SetBreakpointsResponse;
import org.eclipse.lsp4j.debug.SetExceptionBreakpointsArguments;
import org.eclipse.lsp4j.debug.SetExceptionBreakpointsResponse;
import org.eclipse.lsp4j.debug.SetFunctionBreakpointsArguments;
import org.eclipse.lsp4j.debug.SetFunctionBreakpointsResponse;
import org.eclipse.lsp4j.debug.SetInstructionBreakpointsArguments;
import org.eclipse.lsp4j.debug.SetInstructionBreakpointsResponse;
import org.eclipse.lsp4j.debug.SourceArguments;
import org.eclipse.lsp4j.debug.SourceResponse;
import org.eclipse.lsp4j.debug.StackTraceArguments;
import org.eclipse.lsp4j.debug.StackTraceResponse;
import org.eclipse.lsp4j.debug.StepBackArguments;
import org.eclipse.lsp4j.debug.StepInArguments;
import org.eclipse.lsp4j.debug.StepOutArguments;
import org.eclipse.lsp4j.debug.SteppingGranularity;
import org.eclipse.lsp4j.debug.StoppedEventArguments;
import org.eclipse.lsp4j.debug.TerminatedEventArguments;
import org.eclipse.lsp4j.debug.ThreadsResponse;
import org.eclipse.lsp4j.debug.VariablesArguments;
import org.eclipse.lsp4j.debug.VariablesResponse;
import org.eclipse.lsp4j.debug.services.IDebugProtocolClient;
import org.eclipse.lsp4j.debug.services.IDebugProtocolServer;
import org.eclipse.lsp4j.jsonrpc.ResponseErrorException;
import org.eclipse.lsp4j.jsonrpc.messages.ResponseError;
import org.eclipse.lsp4j.jsonrpc.messages.ResponseErrorCode;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Answers a client's requests, all on the thread that reads them. */
final class Adapter implements IDebugProtocolServer {
    private static final int THREAD = 1;

    private final Launching launching;
    private final Sources sources;
    private final Handles handles = new Handles();
    private final CompletableFuture<Void> disconnected = new CompletableFuture<>();

    /** What is told once the request has been answered. */
    private final Queue<Runnable> later = new ArrayDeque<>();

    /** Of nothing before something is launched. */
    private final Debugger debugger = new Debugger(Session.of("nothing", List::of));

    private final Breakpoints breakpoints = new Breakpoints(debugger);
    private final Shown shown;
    private IDebugProtocolClient client;
    private boolean isLaunched;
    private boolean isConfigured;
    private boolean stopsOnEntry;
    private boolean isAtEnd;

    Adapter(Launching launching, SourceFiles files) {
        this.launching = launching;
        sources = new Sources(files);
        shown = new Shown(debugger, sources, handles);
    }

    void connect(IDebugProtocolClient remote) {
        client = remote;
    }

    CompletableFuture<Void> disconnected() {
        return disconnected;
    }

    /** A request has been answered. */
    void answered() {
        for (var next = later.poll(); next != null; next = later.poll()) next.run();
    }

    private static <T> CompletableFuture<T> done(T result) {
        return CompletableFuture.completedFuture(result);
    }

    private static ResponseErrorException refused(String message) {
        return new ResponseErrorException(
                new ResponseError(ResponseErrorCode.InvalidRequest, message, null));
    }

    /** Before something is launched there is nothing to be asked for. */
    private void checkLaunched() {
        if (!isLaunched) throw refused("launch comes first, and must succeed");
    }

    /** What a request must have; nothing else looks whether it does. */
    private static <T> T given(T value, String name) {
        if (value == null) throw refused("the request has no " + name);
        return value;
    }

    @Override
    public CompletableFuture<Capabilities> initialize(InitializeRequestArguments arguments) {
        return done(Shown.capabilities());
    }

    @Override
    public CompletableFuture<Void> launch(Map<String, Object> arguments) {
        Map<String, Object> given = arguments == null ? Map.of() : arguments;
        try {
            debugger.play(launching.session(given));
        } catch (BpfException e) {
            throw refused(e.getMessage());
        }
        if (debugger.isEmpty()) {
            throw refused(debugger.session().title() + ": no program was run");
        }
        // Only now it can be said where one can stop.
        later.add(client::initialized);
        stopsOnEntry = Boolean.TRUE.equals(given.get("stopOnEntry"));
        isLaunched = true;
        begin();
        return done(null);
    }

    @Override
    public CompletableFuture<Void> configurationDone(ConfigurationDoneArguments arguments) {
        isConfigured = true;
        begin();
        return done(null);
    }

    /** Clients send launch and configurationDone in either order. */
    private void begin() {
        if (!isLaunched || !isConfigured) return;
        for (var run : debugger.runs()) say("%s  %s".formatted(run, during(run)));
        say(debugger.session().outcome());
        if (stopsOnEntry) tell("entry", "");
        else stopped(debugger.resumeFromHere());
    }

    private void say(String text) {
        if (text.isBlank()) return;
        var output = new OutputEventArguments();
        output.setCategory("console");
        output.setOutput(text.strip() + "\n");
        later.add(() -> client.output(output));
    }

    private String during(RecordedRun run) {
        return debugger.session().during(run);
    }

    @Override
    public CompletableFuture<SetBreakpointsResponse> setBreakpoints(SetBreakpointsArguments a) {
        checkLaunched();
        var response = new SetBreakpointsResponse();
        var source = given(a.getSource(), "source");
        if (source.getPath() == null) given(source.getName(), "path or name of its source");
        response.setBreakpoints(breakpoints.lines(a));
        return done(response);
    }

    @Override
    public CompletableFuture<SetFunctionBreakpointsResponse> setFunctionBreakpoints(
            SetFunctionBreakpointsArguments a) {
        checkLaunched();
        var response = new SetFunctionBreakpointsResponse();
        var wanted = given(a.getBreakpoints(), "breakpoints");
        for (var one : wanted) given(one.getName(), "name of a function");
        response.setBreakpoints(breakpoints.functions(wanted));
        return done(response);
    }

    @Override
    public CompletableFuture<SetInstructionBreakpointsResponse> setInstructionBreakpoints(
            SetInstructionBreakpointsArguments a) {
        checkLaunched();
        var response = new SetInstructionBreakpointsResponse();
        var wanted = given(a.getBreakpoints(), "breakpoints");
        for (var one : wanted) given(one.getInstructionReference(), "instructionReference");
        response.setBreakpoints(breakpoints.instructions(wanted));
        return done(response);
    }

    @Override
    public CompletableFuture<SetExceptionBreakpointsResponse> setExceptionBreakpoints(
            SetExceptionBreakpointsArguments a) {
        checkLaunched();
        breakpoints.exceptions(given(a.getFilters(), "filters"));
        return done(new SetExceptionBreakpointsResponse());
    }

    @Override
    public CompletableFuture<ThreadsResponse> threads() {
        return done(Shown.threads(THREAD, debugger.session().title()));
    }

    @Override
    public CompletableFuture<StackTraceResponse> stackTrace(StackTraceArguments a) {
        checkLaunched();
        return done(shown.stackTrace(a));
    }

    @Override
    public CompletableFuture<ScopesResponse> scopes(ScopesArguments a) {
        checkLaunched();
        return done(shown.scopes(a.getFrameId()));
    }

    @Override
    public CompletableFuture<VariablesResponse> variables(VariablesArguments a) {
        checkLaunched();
        return done(shown.variables(a.getVariablesReference()));
    }

    @Override
    public CompletableFuture<EvaluateResponse> evaluate(EvaluateArguments a) {
        checkLaunched();
        given(a.getExpression(), "expression");
        return done(
                shown.evaluate(a)
                        .orElseThrow(
                                () ->
                                        refused(
                                                "nothing is called '%s' here"
                                                        .formatted(a.getExpression()))));
    }

    @Override
    public CompletableFuture<DisassembleResponse> disassemble(DisassembleArguments a) {
        checkLaunched();
        var reference = given(a.getMemoryReference(), "memoryReference");
        return done(
                shown.disassemble(a)
                        .orElseThrow(() -> refused("there is no code at " + reference)));
    }

    @Override
    public CompletableFuture<SourceResponse> source(SourceArguments a) {
        return done(
                sources.response(a.getSourceReference())
                        .orElseThrow(() -> refused("there is no such source")));
    }

    @Override
    public CompletableFuture<ContinueResponse> continue_(ContinueArguments a) {
        checkLaunched();
        if (isAtEnd) later.add(() -> client.terminated(new TerminatedEventArguments()));
        else stopped(debugger.resume());
        var response = new ContinueResponse();
        response.setAllThreadsContinued(true);
        return done(response);
    }

    @Override
    public CompletableFuture<Void> reverseContinue(ReverseContinueArguments a) {
        return walked(Debugger::resumeBack);
    }

    @Override
    public CompletableFuture<Void> next(NextArguments a) {
        return walked(
                isInstruction(a.getGranularity()) ? Debugger::stepInstruction : Debugger::next);
    }

    @Override
    public CompletableFuture<Void> stepIn(StepInArguments a) {
        return walked(
                isInstruction(a.getGranularity()) ? Debugger::stepInstruction : Debugger::step);
    }

    @Override
    public CompletableFuture<Void> stepOut(StepOutArguments a) {
        return walked(Debugger::finish);
    }

    @Override
    public CompletableFuture<Void> stepBack(StepBackArguments a) {
        return walked(
                isInstruction(a.getGranularity()) ? Debugger::backInstruction : Debugger::nextBack);
    }

    private static boolean isInstruction(SteppingGranularity granularity) {
        return granularity == SteppingGranularity.INSTRUCTION;
    }

    private CompletableFuture<Void> walked(Function<Debugger, Stop> way) {
        checkLaunched();
        stopped(way.apply(debugger));
        return done(null);
    }

    private void stopped(Stop stop) {
        isAtEnd = stop.reason() == Reason.END;
        switch (stop.reason()) {
            case STEP -> tell("step", "");
            case START -> tell("entry", "nothing is before this");
            // One can still go back from there.
            case END -> tell("pause", "the recording ends here");
            case BREAKPOINT -> stop.breakpoint().ifPresent(this::stoppedAt);
        }
    }

    private void stoppedAt(Breakpoint breakpoint) {
        var reason =
                switch (breakpoint) {
                    case Breakpoint.AtVerdict _ -> "exception";
                    case Breakpoint.AtFunction _ -> "function breakpoint";
                    case Breakpoint.AtSlot _ -> "instruction breakpoint";
                    case Breakpoint.AtLine _, Breakpoint.AtCall _ -> "breakpoint";
                };
        tell(reason, breakpoint instanceof Breakpoint.AtVerdict ? verdict() : "");
    }

    private String verdict() {
        var ending = debugger.view().run().ending();
        Optional<SourceLine> line = ending.decided();
        return ending.text() + line.map(by -> ", by " + by).orElse("");
    }

    private void tell(String reason, String text) {
        handles.forget();
        var event = new StoppedEventArguments();
        event.setReason(reason);
        event.setThreadId(THREAD);
        event.setAllThreadsStopped(true);
        var during = during(debugger.view().run());
        var what = text.isEmpty() ? reason : text;
        if (!during.isEmpty()) event.setDescription("%s, in %s".formatted(what, during));
        else if (!text.isEmpty()) event.setDescription(text);
        if (!text.isEmpty()) event.setText(text);
        later.add(() -> client.stopped(event));
    }

    @Override
    public CompletableFuture<Void> disconnect(DisconnectArguments a) {
        later.add(() -> disconnected.complete(null));
        return done(null);
    }
}
