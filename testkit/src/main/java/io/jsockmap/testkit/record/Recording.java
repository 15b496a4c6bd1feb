package io.jsockmap.testkit.record;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.jsockmap.bpf.btf.SourceLine;
import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation;
import io.jsockmap.bpf.insn.Operation.Callee;
import io.jsockmap.bpf.memory.ByteRegion;
import io.jsockmap.bpf.memory.Memory;
import io.jsockmap.bpf.memory.Region;
import io.jsockmap.bpf.program.ContextRegion;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.Run;
import io.jsockmap.sockmap.program.SockOps;
import io.jsockmap.sockmap.socket.Message;
import io.jsockmap.sockmap.socket.SkBuff;
import io.jsockmap.sockmap.socket.Sock;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is seen of a run while it goes on. For the run's thread. */
final class Recording {
    private final long number;
    private final int nesting;
    private final Run run;
    private final Program program;
    private final Role role;
    private final RunLimits limits;
    private final List<Named> context;
    private final Optional<Sock> socket;
    private final Optional<Message> message;
    private final byte[] before;
    private final int linear;
    private final List<Step> steps = new ArrayList<>();
    private final FrameTrack frames = new FrameTrack();
    private final Deque<Integer> openCalls = new ArrayDeque<>();
    private final List<HelperCall> calls = new ArrayList<>();
    private final List<Printed> printed = new ArrayList<>();
    private final PointerTable pointers = new PointerTable();
    private final Views views;
    private long executed;

    Recording(long number, int nesting, Run run, Region context, Role role, RunLimits limits) {
        this.number = number;
        this.nesting = nesting;
        this.run = run;
        this.role = role;
        this.limits = limits;
        program = run.program();
        var thing = context instanceof ContextRegion<?> region ? region.context() : context;
        message = thing instanceof Message some ? Optional.of(some) : Optional.empty();
        socket = socket(thing);
        before = message.map(Message::copy).orElse(new byte[0]);
        linear = message.map(some -> linear(some, run.memory())).orElse(0);
        this.context =
                context instanceof ContextRegion<?> region
                        ? ContextReader.fields(region, run.memory())
                        : List.of();
        views = new Views(limits, message);
        if (limits.snapshots()) views.begin(program);
    }

    private static Optional<Sock> socket(Object context) {
        return switch (context) {
            case Message some -> Optional.of(some.socket());
            case SockOps event -> Optional.of(event.socket());
            default -> Optional.empty();
        };
    }

    private static int linear(Message message, Memory memory) {
        return (int) (message.dataEnd(memory) - message.data(memory));
    }

    Run run() {
        return run;
    }

    private boolean isFull() {
        return steps.size() >= limits.steps();
    }

    void step(int depth, int slot, long[] registers) {
        executed++;
        if (isFull()) return;
        int place = steps.size();
        var now = run.program();
        var memory = run.memory();
        var last = steps.isEmpty() ? Optional.<Step>empty() : Optional.of(steps.getLast());
        if (limits.snapshots()) last.ifPresent(step -> views.after(step, place, memory));
        var frame = registers[Code.FRAME_POINTER];
        pointers.stack(frame, depth);
        pointers.learn(memory, now, registers);
        var entered =
                frames.next(
                        place,
                        now,
                        slot,
                        depth,
                        last,
                        () -> ArgumentReader.read(now, slot, memory, registers, names(now, depth)));
        int current = frames.open().getLast().number();
        if (limits.snapshots()) {
            entered.ifPresent(_ -> views.enter(place, current, now, memory.find(frame)));
        }
        var step = new Step(now, slot, depth, current, registers.clone());
        steps.add(step);
        if (callsHelper(step.instruction())) openCalls.push(place);
    }

    private static boolean callsHelper(Instruction instruction) {
        return instruction != null
                && instruction.operation() instanceof Operation.Call(var callee)
                && callee != Callee.LOCAL;
    }

    private CallReader.Names names(Program program, int depth) {
        return address -> {
            pointers.learn(run.memory(), program, new long[] {address});
            return pointers.known().pointer(program, depth, address);
        };
    }

    void called(Instruction call, String name, long[] arguments, long result) {
        // Of a run that is too long the end is not kept, and so nor are its calls.
        if (openCalls.isEmpty() || isFull()) return;
        int place = openCalls.pop();
        var step = steps.get(place);
        var names = names(run.program(), step.depth());
        calls.add(CallReader.read(place, run, call, name, arguments, result, names));
        if (limits.snapshots()) views.called(steps.size());
    }

    /** The program prints something. */
    void prints(String line) {
        if (!isFull()) printed.add(new Printed(steps.size() - 1, line));
    }

    RecordedRun over(Ending ending) {
        var ordered = calls.stream().sorted(Comparator.comparingInt(HelperCall::step)).toList();
        return new RecordedRun(
                number,
                nesting,
                program,
                role,
                context,
                socket.map(RecordedSocket::of),
                message.map(this::recorded),
                steps,
                executed,
                frames.all(),
                ordered,
                printed,
                ending,
                views.done(),
                pointers.known());
    }

    private RecordedMessage recorded(Message some) {
        return new RecordedMessage(some instanceof SkBuff, before, some.copy(), linear);
    }

    /** The C line that made the result, if all steps are there to be gone back through. */
    Optional<SourceLine> decided() {
        return executed == steps.size() ? Decision.lineOf(steps) : Optional.empty();
    }

    Role role() {
        return role;
    }

    Optional<Message> message() {
        return message;
    }

    /** The views of a run's memory that change. */
    private static final class Views {
        private final Map<Integer, Trail> stacks = new HashMap<>();
        private final Map<Integer, ByteRegion> regions = new HashMap<>();
        private final Trail bytes = new Trail();
        private final MapWatch maps;
        private final RunLimits limits;
        private final Optional<Message> message;

        Views(RunLimits limits, Optional<Message> message) {
            this.limits = limits;
            this.message = message;
            maps = new MapWatch(limits);
        }

        void begin(Program program) {
            maps.enter(0, program);
            noteMessage(0);
        }

        private void noteMessage(int step) {
            message.filter(some -> some.length() <= limits.bytes())
                    .ifPresent(some -> bytes.note(step, some.copy()));
        }

        /** A function with a stack of its own was entered. */
        void enter(int step, int frame, Program program, Optional<Region> stack) {
            maps.enter(step, program);
            if (stack.isPresent() && stack.get() instanceof ByteRegion region) {
                regions.put(frame, region);
                stacks.put(frame, new Trail());
                noteStack(step, frame);
            }
        }

        private void noteStack(int step, int frame) {
            stacks.get(frame).note(step, regions.get(frame).segment().toArray(JAVA_BYTE));
        }

        /** A step was executed that may have stored something. */
        void after(Step step, int next, Memory memory) {
            var i = step.instruction();
            boolean stores =
                    switch (i.operation()) {
                        case Operation.Store _, Operation.Atomic _ -> true;
                        default -> false;
                    };
            if (!stores) return;
            var region = memory.find(step.registers()[i.dst()]);
            if (region.isPresent()) stored(next, region.get(), memory);
        }

        @SuppressWarnings("ReferenceEquality")
        private void stored(int step, Region region, Memory memory) {
            for (var stack : regions.entrySet()) {
                if (stack.getValue() == region) {
                    noteStack(step, stack.getKey());
                    return;
                }
            }
            if (region instanceof ContextRegion<?>) return;
            if (memory.packet() == region) noteMessage(step);
            else maps.stored(step, region);
        }

        /** A helper was called that may have changed anything. */
        void called(int step) {
            stacks.keySet().forEach(frame -> noteStack(step, frame));
            noteMessage(step);
            maps.called(step);
        }

        Snapshots done() {
            return new Snapshots(limits.snapshots(), stacks, bytes, maps.trails());
        }
    }
}
