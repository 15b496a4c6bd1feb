package io.jsockmap.testkit.record;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.memory.Region;
import io.jsockmap.bpf.program.ContextRegion;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramFault;
import io.jsockmap.bpf.program.Run;
import io.jsockmap.bpf.program.RunResult;
import io.jsockmap.bpf.program.RunWatcher;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.program.SocketPrograms;
import io.jsockmap.sockmap.socket.Message;
import io.jsockmap.testkit.record.Ending.Outcome;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Records runs: {@code new Interpreter().watchedBy(new Recorder(RunLimits.TRACE, runs::add))}. Any
 * number of threads may run programs, and runs may nest; a run is given to the consumer on its own
 * thread when it ends, so an inner run comes before the outer one.
 *
 * {@snippet class="io.jsockmap.testkit.examples.TraceExamples" region="trace"}
 */
public final class Recorder implements RunWatcher {
    private static final long SK_PASS = 1;

    private final RunLimits limits;
    private final Consumer<RecordedRun> consumer;
    private final AtomicLong count = new AtomicLong();
    private final List<UserObject> objects = new CopyOnWriteArrayList<>();
    private final ThreadLocal<Deque<Recording>> running = ThreadLocal.withInitial(ArrayDeque::new);

    /**
     * @param consumer takes each run when it is over; must not throw
     */
    public Recorder(RunLimits limits, Consumer<RecordedRun> consumer) {
        this.limits = limits;
        this.consumer = consumer;
    }

    /** Tells where programs are attached: only that says whether one is a parser or a verdict. */
    public void loaded(UserObject object) {
        objects.add(object);
    }

    /** The same environment, whose runs' {@code bpf_printk} is recorded besides. */
    public Environment hearing(Environment environment) {
        var trace = environment.trace();
        return environment.tracingTo(
                line -> {
                    var recording = running.get().peek();
                    if (recording != null) recording.prints(line);
                    trace.accept(line);
                });
    }

    @Override
    public void begins(Run run, Region context) {
        var stack = running.get();
        var role = role(run.program(), context);
        stack.push(
                new Recording(count.incrementAndGet(), stack.size(), run, context, role, limits));
    }

    private Role role(Program program, Region context) {
        if (!(context instanceof ContextRegion<?>)) return Role.CALLBACK;
        if (program.type().equals(SocketPrograms.SK_MSG)) return Role.SEND_VERDICT;
        if (program.type().equals(SocketPrograms.SOCK_OPS)) return Role.CONNECTION;
        if (!program.type().equals(SocketPrograms.SK_SKB)) return Role.OTHER;
        return objects.stream().anyMatch(object -> isParser(object, program))
                ? Role.PARSER
                : Role.RECEIVE_VERDICT;
    }

    private static boolean isParser(UserObject object, Program program) {
        return object.socketMaps().stream()
                .flatMap(map -> map.attached(AttachType.SK_SKB_STREAM_PARSER).stream())
                .anyMatch(parser -> parser.id() == program.id());
    }

    @Override
    public void steps(Run run, int depth, int slot, long[] registers) {
        of(run).ifPresent(recording -> recording.step(depth, slot, registers));
    }

    @Override
    public void called(
            Run run, Instruction instruction, String name, long[] arguments, long result) {
        of(run).ifPresent(recording -> recording.called(instruction, name, arguments, result));
    }

    /** The innermost run of the thread, if it is that one. */
    private Optional<Recording> of(Run run) {
        return Optional.ofNullable(running.get().peek()).filter(top -> top.run().equals(run));
    }

    @Override
    public void ends(Run run, RunResult result) {
        over(run, recording -> ending(recording, result));
    }

    @Override
    public void faults(Run run, ProgramFault fault) {
        over(
                run,
                _ ->
                        new Ending(
                                Outcome.FAULT,
                                0,
                                fault.getMessage(),
                                fault.line(),
                                OptionalInt.of(fault.slot())));
    }

    private void over(Run run, Function<Recording, Ending> ending) {
        var recording = of(run);
        if (recording.isEmpty()) return;
        running.get().pop();
        if (running.get().isEmpty()) running.remove();
        consumer.accept(recording.get().over(ending.apply(recording.get())));
    }

    private static Ending ending(Recording recording, RunResult result) {
        var verdict =
                switch (recording.role()) {
                    case PARSER -> parsed((int) result.value());
                    case SEND_VERDICT, RECEIVE_VERDICT ->
                            recording
                                    .message()
                                    .map(message -> verdict(message, (int) result.value()))
                                    .orElseGet(() -> returned(result.value()));
                    case CONNECTION, CALLBACK, OTHER -> returned(result.value());
                };
        return new Ending(
                verdict.outcome,
                result.value(),
                verdict.text,
                recording.decided().or(result::decided),
                OptionalInt.empty());
    }

    private record Verdict(Outcome outcome, String text) {}

    private static Verdict verdict(Message message, int value) {
        if (message.waitsForMore()) return new Verdict(Outcome.HOLD, "waits for more bytes");
        if (value != SK_PASS) {
            return new Verdict(Outcome.DROP, value == 0 ? "DROP" : "DROP, as R0 is " + value);
        }
        return message.chosen()
                .map(
                        to ->
                                new Verdict(
                                        Outcome.REDIRECT,
                                        "REDIRECT to %s of socket %s"
                                                .formatted(
                                                        to.ingress() ? "ingress" : "egress",
                                                        to.target())))
                .orElseGet(() -> new Verdict(Outcome.PASS, "PASS"));
    }

    private static Verdict parsed(int value) {
        return new Verdict(
                Outcome.PARSED,
                value > 0
                        ? "message of %d bytes".formatted(value)
                        : value == 0 ? "needs more bytes" : Errno.nameOf(-value));
    }

    private static Verdict returned(long value) {
        return new Verdict(Outcome.RETURN, "R0 = " + Pointers.numberText(value));
    }
}
