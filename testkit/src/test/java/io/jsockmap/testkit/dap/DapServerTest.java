package io.jsockmap.testkit.dap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.testkit.Programs;
import io.jsockmap.testkit.debug.Session;
import io.jsockmap.testkit.record.RunLimits;
import io.jsockmap.testkit.record.Tour;
import io.jsockmap.testkit.source.SourceFiles;

import org.eclipse.lsp4j.debug.ConfigurationDoneArguments;
import org.eclipse.lsp4j.debug.ContinueArguments;
import org.eclipse.lsp4j.debug.DisassembleArguments;
import org.eclipse.lsp4j.debug.DisassembledInstruction;
import org.eclipse.lsp4j.debug.DisconnectArguments;
import org.eclipse.lsp4j.debug.EvaluateArguments;
import org.eclipse.lsp4j.debug.FunctionBreakpoint;
import org.eclipse.lsp4j.debug.InitializeRequestArguments;
import org.eclipse.lsp4j.debug.InstructionBreakpoint;
import org.eclipse.lsp4j.debug.NextArguments;
import org.eclipse.lsp4j.debug.ReverseContinueArguments;
import org.eclipse.lsp4j.debug.Scope;
import org.eclipse.lsp4j.debug.ScopesArguments;
import org.eclipse.lsp4j.debug.SetBreakpointsArguments;
import org.eclipse.lsp4j.debug.SetExceptionBreakpointsArguments;
import org.eclipse.lsp4j.debug.SetFunctionBreakpointsArguments;
import org.eclipse.lsp4j.debug.SetInstructionBreakpointsArguments;
import org.eclipse.lsp4j.debug.Source;
import org.eclipse.lsp4j.debug.SourceArguments;
import org.eclipse.lsp4j.debug.SourceBreakpoint;
import org.eclipse.lsp4j.debug.StackFrame;
import org.eclipse.lsp4j.debug.StackTraceArguments;
import org.eclipse.lsp4j.debug.StepBackArguments;
import org.eclipse.lsp4j.debug.StepInArguments;
import org.eclipse.lsp4j.debug.StepOutArguments;
import org.eclipse.lsp4j.debug.SteppingGranularity;
import org.eclipse.lsp4j.debug.Variable;
import org.eclipse.lsp4j.debug.VariablesArguments;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The debug adapter, asked as an editor asks. */
class DapServerTest {
    private static final String SOURCE =
            Tour.OBJECT.resolveSibling("tour.bpf.c").toAbsolutePath().toString();

    private Client client;

    private static Session session(String... messages) {
        return Session.of(
                "tour",
                () -> {
                    try (var tour = new Tour(RunLimits.DEBUG)) {
                        for (var message : messages) tour.sends(message);
                        return tour.runs();
                    }
                });
    }

    private void connect(SourceFiles files, String... messages) throws Exception {
        client = new Client(session(messages), files);
        var can = Client.get(client.server().initialize(new InitializeRequestArguments()));
        assertThat(can.getSupportsStepBack()).isTrue();
        assertThat(can.getSupportsDisassembleRequest()).isTrue();
        assertThat(can.getExceptionBreakpointFilters())
                .extracting(filter -> filter.getFilter())
                .containsExactly("fault", "drop");
    }

    private void connect(String... messages) throws Exception {
        connect(SourceFiles.of(Tour.OBJECT, List.of()), messages);
    }

    /** Only then it is known where one can stop. */
    private void launch(Map<String, Object> arguments) throws Exception {
        Client.get(client.server().launch(arguments));
        assertThat(client.event()).isEqualTo("initialized");
    }

    private void configured() throws Exception {
        Client.get(client.server().configurationDone(new ConfigurationDoneArguments()));
    }

    /** The next event that is no output. */
    private String event() throws Exception {
        var event = client.event();
        while (event.startsWith("output ")) event = client.event();
        return event;
    }

    private void breakAt(int line) throws Exception {
        var wanted = new SetBreakpointsArguments();
        var source = new Source();
        source.setPath(SOURCE);
        wanted.setSource(source);
        var breakpoint = new SourceBreakpoint();
        breakpoint.setLine(line);
        wanted.setBreakpoints(new SourceBreakpoint[] {breakpoint});
        var answer = Client.get(client.server().setBreakpoints(wanted));
        assertThat(answer.getBreakpoints()).hasSize(1);
        assertThat(answer.getBreakpoints()[0].isVerified()).isEqualTo(line > 50);
    }

    private StackFrame[] frames() throws Exception {
        var wanted = new StackTraceArguments();
        wanted.setThreadId(1);
        return Client.get(client.server().stackTrace(wanted)).getStackFrames();
    }

    private int line() throws Exception {
        return frames()[0].getLine();
    }

    private Variable[] scope(String name) throws Exception {
        var wanted = new ScopesArguments();
        wanted.setFrameId(frames()[0].getId());
        var scope =
                Arrays.stream(Client.get(client.server().scopes(wanted)).getScopes())
                        .filter(s -> s.getName().equals(name))
                        .mapToInt(Scope::getVariablesReference)
                        .findFirst();
        return variables(scope.orElseThrow());
    }

    private Variable[] variables(int reference) throws Exception {
        var wanted = new VariablesArguments();
        wanted.setVariablesReference(reference);
        return Client.get(client.server().variables(wanted)).getVariables();
    }

    private static List<String> texts(Variable[] variables) {
        return Arrays.stream(variables).map(v -> v.getName() + "=" + v.getValue()).toList();
    }

    @Test
    void aBreakpointStopsForwardAndBack() throws Exception {
        connect("Wbc", "Wde");
        launch(Map.of());
        breakAt(89);
        configured();
        assertThat(client.event()).isEqualTo("output run 1 of first (sk_msg): PASS");
        assertThat(client.event()).isEqualTo("output run 2 of first (sk_msg): PASS");
        assertThat(client.event()).isEqualTo("stopped by breakpoint");
        assertThat(line()).isEqualTo(89);
        assertThat(frames()[0].getName()).isEqualTo("first");
        assertThat(frames()[0].getSource().getPath()).isEqualTo(SOURCE);
        assertThat(texts(scope("Packet")).getFirst()).endsWith("Wbc");

        Client.get(client.server().next(new NextArguments()));
        assertThat(event()).isEqualTo("stopped by step");
        assertThat(line()).isEqualTo(90);
        assertThat(texts(scope("Packet")).getFirst()).endsWith("W!c");

        Client.get(client.server().stepBack(new StepBackArguments()));
        assertThat(event()).isEqualTo("stopped by step");
        assertThat(texts(scope("Packet")).getFirst()).endsWith("Wbc");

        Client.get(client.server().continue_(new ContinueArguments()));
        assertThat(event()).isEqualTo("stopped by breakpoint");
        assertThat(texts(scope("Packet")).getFirst()).endsWith("Wde");

        Client.get(client.server().reverseContinue(new ReverseContinueArguments()));
        assertThat(event()).isEqualTo("stopped by breakpoint");
        assertThat(texts(scope("Packet")).getFirst()).endsWith("Wbc");

        Client.get(client.server().reverseContinue(new ReverseContinueArguments()));
        assertThat(event()).isEqualTo("stopped by entry: nothing is before this");
    }

    @Test
    void theEndOfTheRecordingIsNoEndYet() throws Exception {
        connect("Pa");
        launch(Map.of());
        configured();
        assertThat(event()).isEqualTo("stopped by pause: the recording ends here");
        Client.get(client.server().continue_(new ContinueArguments()));
        assertThat(event()).isEqualTo("terminated");
        Client.get(client.server().disconnect(new DisconnectArguments()));
        assertThat(client.isOver()).isTrue();
    }

    @Test
    void scopesShowWhatThereIs() throws Exception {
        connect("Pa", "Pbc");
        launch(Map.of());
        breakAt(85);
        configured();
        event();
        Client.get(client.server().continue_(new ContinueArguments()));
        event();

        assertThat(texts(scope("Registers"))).contains("r7=ctx", "r10=fp");
        assertThat(texts(scope("Context"))).contains("size=3", "family=AF_INET");
        assertThat(texts(scope("Globals"))).contains("total=2", "limit=100");
        assertThat(texts(scope("Arguments"))).containsExactly("msg=ctx");
        assertThat(scope("Stack")).hasSize(32);
        var kinds =
                Arrays.stream(scope("Maps"))
                        .filter(map -> map.getName().equals("kinds"))
                        .findFirst()
                        .orElseThrow();
        assertThat(kinds.getValue()).isEqualTo("1 entry");
        var entry = variables(kinds.getVariablesReference())[0];
        assertThat(entry.getName()).isEqualTo("[80]");
        assertThat(texts(variables(entry.getVariablesReference())))
                .containsExactly("messages=2", "bytes=5");
    }

    @Test
    void functionsAreSteppedIntoAndOutOf() throws Exception {
        connect("Pa");
        launch(Map.of());
        breakAt(84);
        configured();
        event();
        Client.get(client.server().stepIn(new StepInArguments()));
        event();
        assertThat(frames()).extracting(StackFrame::getName).containsExactly("note", "first");
        assertThat(texts(scope("Arguments"))).containsExactly("kind=80", "weight=LIGHT", "bytes=2");
        Client.get(client.server().stepOut(new StepOutArguments()));
        event();
        assertThat(frames()).extracting(StackFrame::getName).containsExactly("first");
    }

    @Test
    void aVerdictStopsAsAnExceptionDoes() throws Exception {
        connect("Pa", "Xb");
        launch(Map.of());
        var wanted = new SetExceptionBreakpointsArguments();
        wanted.setFilters(new String[] {"drop"});
        Client.get(client.server().setExceptionBreakpoints(wanted));
        configured();
        assertThat(event()).startsWith("stopped by exception: DROP, by tour.bpf.c:93");
        assertThat(frames()[0].getName()).isEqualTo("first: DROP");
    }

    @Test
    void functionsAndInstructionsCanHaveBreakpointsToo() throws Exception {
        connect("Pa");
        launch(Map.of());
        var function = new FunctionBreakpoint();
        function.setName("note");
        var functions = new SetFunctionBreakpointsArguments();
        functions.setBreakpoints(new FunctionBreakpoint[] {function});
        var set = Client.get(client.server().setFunctionBreakpoints(functions));
        assertThat(set.getBreakpoints()[0].isVerified()).isTrue();
        configured();
        assertThat(event()).isEqualTo("stopped by function breakpoint");

        var wanted = new DisassembleArguments();
        wanted.setMemoryReference(frames()[0].getInstructionPointerReference());
        wanted.setInstructionOffset(-1);
        wanted.setInstructionCount(4);
        var code = Client.get(client.server().disassemble(wanted)).getInstructions();
        assertThat(code).hasSize(4);
        assertThat(code[0].getInstruction()).isEqualTo("(95) exit");
        assertThat(code[1].getSymbol()).isEqualTo("note");
        assertThat(code[1].getAddress()).isEqualTo(wanted.getMemoryReference());

        var instruction = new InstructionBreakpoint();
        instruction.setInstructionReference(code[3].getAddress());
        var instructions = new SetInstructionBreakpointsArguments();
        instructions.setBreakpoints(new InstructionBreakpoint[] {instruction});
        Client.get(client.server().setInstructionBreakpoints(instructions));
        Client.get(client.server().continue_(new ContinueArguments()));
        assertThat(event()).isEqualTo("stopped by instruction breakpoint");

        var back = new StepBackArguments();
        back.setGranularity(SteppingGranularity.INSTRUCTION);
        Client.get(client.server().stepBack(back));
        event();
        assertThat(frames()[0].getInstructionPointerReference()).isEqualTo(code[2].getAddress());
    }

    @Test
    void whatHasANameCanBeEvaluated() throws Exception {
        connect("Pa");
        launch(Map.of("stopOnEntry", true));
        configured();
        assertThat(event()).isEqualTo("stopped by entry");
        var wanted = new EvaluateArguments();
        wanted.setExpression("msg->size");
        assertThat(Client.get(client.server().evaluate(wanted)).getResult()).isEqualTo("2");
        wanted.setExpression("nobody");
        assertThatThrownBy(() -> Client.get(client.server().evaluate(wanted)))
                .hasMessageContaining("nothing is called 'nobody' here");
    }

    @Test
    void aSourceThatIsNoFileIsGivenAsBtfHasIt() throws Exception {
        connect(new SourceFiles(List.of()), "Pa");
        launch(Map.of("stopOnEntry", true));
        configured();
        event();
        var source = frames()[0].getSource();
        assertThat(source.getPath()).isNull();
        var wanted = new SourceArguments();
        wanted.setSourceReference(source.getSourceReference());
        var lines = Client.get(client.server().source(wanted)).getContent().lines().toList();
        assertThat(lines.get(82)).isEqualTo("total++;");
        assertThat(lines.getFirst()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"nobody", "", "0x", "-1", "0", "99999999999999999999", "0x7fffffffffff"})
    void aReferenceThatLeadsNowhereIsRefused(String reference) throws Exception {
        connect("Pa");
        launch(Map.of("stopOnEntry", true));
        var code = new DisassembleArguments();
        code.setMemoryReference(reference);
        code.setOffset(-8);
        code.setInstructionCount(4);
        assertThatThrownBy(() -> Client.get(client.server().disassemble(code)))
                .hasMessageEndingWith("there is no code at " + reference);

        var instruction = new InstructionBreakpoint();
        instruction.setInstructionReference(reference);
        var wanted = new SetInstructionBreakpointsArguments();
        wanted.setBreakpoints(new InstructionBreakpoint[] {instruction});
        var set = Client.get(client.server().setInstructionBreakpoints(wanted)).getBreakpoints()[0];
        assertThat(set.isVerified()).isFalse();
        assertThat(set.getMessage()).isEqualTo("there is no such instruction");
    }

    @Test
    void behindAProgramThereIsNoInstructionToStopAt() throws Exception {
        connect("Pa");
        launch(Map.of("stopOnEntry", true));
        var instruction = new InstructionBreakpoint();
        instruction.setInstructionReference(frames()[0].getInstructionPointerReference());
        instruction.setOffset(8_000_000);
        var wanted = new SetInstructionBreakpointsArguments();
        wanted.setBreakpoints(new InstructionBreakpoint[] {instruction});
        assertThat(
                        Client.get(client.server().setInstructionBreakpoints(wanted))
                                .getBreakpoints()[0]
                                .isVerified())
                .isFalse();
    }

    @Test
    void asManyFramesAndInstructionsAsANumberCanSayAreAllThereAre() throws Exception {
        connect("Pa");
        launch(Map.of());
        breakAt(84);
        configured();
        event();
        Client.get(client.server().stepIn(new StepInArguments()));
        event();
        var stack = new StackTraceArguments();
        stack.setStartFrame(1);
        stack.setLevels(Integer.MAX_VALUE);
        assertThat(Client.get(client.server().stackTrace(stack)).getStackFrames())
                .extracting(StackFrame::getName)
                .containsExactly("first");

        var code = new DisassembleArguments();
        code.setMemoryReference(frames()[0].getInstructionPointerReference());
        code.setInstructionOffset(Integer.MAX_VALUE);
        code.setInstructionCount(2);
        assertThat(Client.get(client.server().disassemble(code)).getInstructions())
                .extracting(DisassembledInstruction::getInstruction)
                .containsExactly("(nothing)", "(nothing)");
    }

    @Test
    void aRequestThatLacksSomethingIsToldWhat() throws Exception {
        connect("Pa");
        launch(Map.of("stopOnEntry", true));
        assertThatThrownBy(
                        () ->
                                Client.get(
                                        client.server()
                                                .setBreakpoints(new SetBreakpointsArguments())))
                .hasMessageEndingWith("the request has no source");
        var nowhere = new SetBreakpointsArguments();
        nowhere.setSource(new Source());
        assertThatThrownBy(() -> Client.get(client.server().setBreakpoints(nowhere)))
                .hasMessageEndingWith("the request has no path or name of its source");
        assertThatThrownBy(() -> Client.get(client.server().evaluate(new EvaluateArguments())))
                .hasMessageEndingWith("the request has no expression");
        assertThatThrownBy(
                        () -> Client.get(client.server().disassemble(new DisassembleArguments())))
                .hasMessageEndingWith("the request has no memoryReference");
    }

    @Test
    void whatComesBeforeTheBeginningIsRefused() throws Exception {
        client = new Client(session("Pa"), SourceFiles.of(Tour.OBJECT, List.of()));
        assertThatThrownBy(() -> frames())
                .hasMessageEndingWith("launch comes first, and must succeed");
        assertThatThrownBy(() -> Client.get(client.server().next(new NextArguments())))
                .hasMessageEndingWith("launch comes first, and must succeed");
    }

    @Test
    void aLineWithoutCodeIsNotVerified() throws Exception {
        connect("Pa");
        launch(Map.of());
        breakAt(3);
    }

    @Test
    void aSessionThatCannotBePlayedSaysWhy() throws Exception {
        connect();

        assertThatThrownBy(() -> launch(Map.of())).hasMessageContaining("tour: no program was run");
    }

    @Test
    void aScenarioIsLaunchedByItsFile() throws Exception {
        connect();
        var file = Programs.own("naive-http").resolveSibling("naive-http.yaml").toString();
        launch(Map.of("scenario", file, "play", "kernel"));
        configured();

        assertThat(client.event())
                .startsWith("output run 1 of judge (sk_skb): PASS")
                .contains("naive-http.yaml:8: send:");
        assertThat(client.event()).startsWith("output it fails at naive-http.yaml:10: verdict");
        assertThat(event()).isEqualTo("stopped by pause: the recording ends here");
        assertThat(frames()[0].getName()).isEqualTo("judge: PASS");
        assertThat(client.description())
                .startsWith("the recording ends here, in naive-http.yaml:8: send:");
    }

    @Test
    void aScenarioThatCannotBePlayedSaysWhy() throws Exception {
        client =
                new Client(
                        new Launching(Optional.empty(), Optional.empty()),
                        SourceFiles.of(Tour.OBJECT, List.of()));
        Client.get(client.server().initialize(new InitializeRequestArguments()));

        assertThatThrownBy(() -> launch(Map.of()))
                .hasMessageContaining("nothing is to be debugged: launch with scenario");
        assertThatThrownBy(() -> launch(Map.of("scenario", 1)))
                .hasMessageContaining("scenario is a text, not 1");
        assertThatThrownBy(() -> launch(Map.of("scenario", "none.yaml")))
                .hasMessageContaining("none.yaml");
        assertThatThrownBy(() -> launch(Map.of("scenario", "none.yaml", "play", "joined")))
                .hasMessageContaining(
                        "there is no play joined (whole, kernel, bytewise, pieces, hostile)");
    }
}
