package io.jsockmap.testkit.run;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.interpreter.Interpreter;
import io.jsockmap.bpf.program.ContextLayout;
import io.jsockmap.bpf.program.ContextRegion;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramFault;
import io.jsockmap.bpf.program.ProgramType;
import io.jsockmap.bpf.program.RunResult;
import io.jsockmap.bpf.program.RunWatcher;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.program.SockOps;
import io.jsockmap.sockmap.program.SocketPrograms;
import io.jsockmap.sockmap.socket.Message;
import io.jsockmap.sockmap.socket.Redirect;
import io.jsockmap.sockmap.socket.Samples;
import io.jsockmap.sockmap.socket.SkMsg;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.Verdict;
import io.jsockmap.testkit.stage.RunLog;
import io.jsockmap.testkit.stage.RunNote;
import io.jsockmap.testkit.stage.Stage;

import java.util.List;
import java.util.Optional;

/**
 * Runs one program on a message or event that is made up, as BPF_PROG_TEST_RUN does for the types
 * that the kernel offers it for; SK_MSG, SK_SKB and SOCK_OPS are not among them.
 *
 * <p>Maps and variables are those of the stage, so runs see what earlier ones left. Nothing is
 * sent, whatever the verdict. For one thread.
 *
 * {@snippet class="io.jsockmap.testkit.examples.RunExamples" region="run"}
 */
public final class TestRun {
    private final Stage stage;
    private final RunWatcher watcher;

    /**
     * @param stage has the object, with the sockets and elements that the program shall find
     */
    public TestRun(Stage stage) {
        this(stage, RunWatcher.NONE);
    }

    /**
     * @param watcher sees the runs from inside
     */
    public TestRun(Stage stage, RunWatcher watcher) {
        this.stage = stage;
        this.watcher = watcher;
    }

    /**
     * Runs a program.
     *
     * @param name the program's
     * @param socket the name of the socket whose message or event it is
     * @throws BpfException ENOENT for a program or socket there is not, EINVAL for an input that is
     *     not for programs of that type
     */
    public Outcome run(String name, String socket, Input input) {
        var program = stage.object().program(name);
        var owner = stage.socket(socket).socket();
        var before = contents();
        int printedBefore = stage.printed().size();
        var context = context(program, owner, input);
        var log = new RunLog();
        var result = run(program, context, log);
        var note = log.notes().getLast();
        var printed = stage.printed();
        return outcome(
                context,
                note,
                result,
                before.changesTo(contents()),
                printed.subList(printedBefore, printed.size()));
    }

    private MapContents contents() {
        return MapContents.of(stage.object(), stage::nameOf);
    }

    /** Empty where the run faulted, which its note tells. */
    private Optional<RunResult> run(Program program, Object context, RunLog log) {
        var machine = new Interpreter().watchedBy(RunWatcher.all(log, watcher));
        try {
            return Optional.of(machine.run(program, stage.environment(), region(program, context)));
        } catch (ProgramFault _) {
            return Optional.empty();
        }
    }

    private static <C> ContextRegion<C> region(Program program, C context) {
        // The type was compared when the context was made.
        @SuppressWarnings("unchecked")
        var layout = (ContextLayout<C>) program.type().context();
        return new ContextRegion<>("context", layout, context);
    }

    private static Object context(Program program, Sock socket, Input input) {
        return switch (input) {
            case Input.Received(var bytes, int linear) -> {
                check(program, SocketPrograms.SK_SKB, "a received message");
                yield Samples.received(socket, bytes.clone(), linear);
            }
            case Input.Sent(var elements) -> {
                check(program, SocketPrograms.SK_MSG, "a sent message");
                yield Samples.sent(socket, elements.stream().map(byte[]::clone).toList());
            }
            case Input.Event(int op, var state, var to) -> {
                check(program, SocketPrograms.SOCK_OPS, "an event");
                yield op == SockOps.STATE_CHANGED
                        ? SockOps.stateChange(socket, state, to)
                        : SockOps.of(socket, op);
            }
        };
    }

    private static void check(Program program, ProgramType expected, String input) {
        if (program.type().equals(expected)) return;
        throw new BpfException(
                Errno.EINVAL,
                "program %s is not run on %s, which is for %s programs"
                        .formatted(program, input, expected.name()));
    }

    private Outcome outcome(
            Object context,
            RunNote note,
            Optional<RunResult> result,
            List<MapChange> changes,
            List<String> printed) {
        var message =
                context instanceof Message some ? Optional.of(some) : Optional.<Message>empty();
        var sent = context instanceof SkMsg some ? Optional.of(some) : Optional.<SkMsg>empty();
        var target = message.flatMap(Message::chosen);
        var verdict =
                message.filter(_ -> result.isPresent() && !isParser(note.program()))
                        .map(_ -> Verdict.of(note.value(), target.isPresent()));
        return new Outcome(
                note.program().name(),
                note.value(),
                verdict,
                target.map(this::name),
                message.map(Message::copy).orElse(new byte[0]),
                message.map(Message::visibleLength).orElse(0),
                sent.map(SkMsg::applyBytes).orElse(0L),
                sent.map(SkMsg::corkBytes).orElse(0L),
                context instanceof SockOps event ? event.reply() : 0,
                changes,
                printed,
                note.decided(),
                note.fault(),
                note.lines(),
                result.map(RunResult::instructions).orElse(0L));
    }

    private boolean isParser(Program program) {
        return stage.object()
                .attachType(program.name())
                .equals(Optional.of(AttachType.SK_SKB_STREAM_PARSER));
    }

    private String name(Redirect redirect) {
        var name = stage.nameOf(redirect.target());
        return redirect.ingress() ? name : name + ".peer";
    }
}
