package io.jsockmap.bpf.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jsockmap.bpf.Engines;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.Fixtures;
import io.jsockmap.bpf.compiler.CompilingMachine;
import io.jsockmap.bpf.compiler.Rehearsal;
import io.jsockmap.bpf.interpreter.Interpreter;
import io.jsockmap.bpf.map.MapKinds;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.bpf.object.ObjectLoader;
import io.jsockmap.bpf.object.PinnedMaps;
import io.jsockmap.bpf.program.Alarms;
import io.jsockmap.bpf.program.ContextRegion;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.ExitWatcher;
import io.jsockmap.bpf.program.Machine;
import io.jsockmap.bpf.program.Prepared;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramFault;
import io.jsockmap.bpf.program.Run;
import io.jsockmap.bpf.program.RunResult;
import io.jsockmap.bpf.program.RunWatcher;
import io.jsockmap.bpf.program.Task;
import io.jsockmap.bpf.program.Unusable;

import org.junit.jupiter.api.Test;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/** How programs run, and who sees them run. */
class RunExamples {
    private static final Program LENGTH = Message.program("r0 = *(u32 *)(r1 + 0)\nexit");

    @Test
    void aProgramRunsOnAContext() {
        Machine machine = Engines.tested();
        Program program = LENGTH;
        // @start region="run"
        Message message = new Message(100, 443);
        ContextRegion<Message> context = new ContextRegion<>("ctx", Message.FIELDS, message);

        RunResult result = machine.run(program, Environment.system(), context);

        assertThat(result.value()).isEqualTo(100);
        // @end
    }

    @Test
    void anInterpretedAndACompiledProgramDoTheSame() {
        Program program = Message.program("r0 = *(u32 *)(r1 + 0)\nexit");
        assertThat(program.prepared().get()).isNull();
        // @start region="machines"
        Machine interpreter = new Interpreter();
        // Programs are tried out on samples as soon as they are compiled.
        Rehearsal samples =
                new Rehearsal(
                        MapKinds.plain(), (_, turn) -> Optional.of(new Message(turn, 0).context()));
        Machine compiler = new CompilingMachine(samples);
        compiler.prepare(program).join();
        Prepared compiled = program.prepared().get(); // lives as long as the program
        assertThat(compiled).isNotNull();

        for (Machine machine : List.of(interpreter, compiler)) {
            var message = new Message(100, 443).context();
            assertThat(machine.run(program, Environment.system(), message).value()).isEqualTo(100);
        }
        // @end
    }

    @Test
    void watchersSeeEachInstructionAndWhatIsLeftInRegisters() {
        Program program = LENGTH;
        // @start region="watched"
        List<Integer> slots = new ArrayList<>();
        RunWatcher tracer =
                new RunWatcher() {
                    @Override
                    public void steps(Run run, int depth, int slot, long[] registers) {
                        slots.add(slot);
                    }
                };
        List<Long> results = new ArrayList<>();
        ExitWatcher atExit = registers -> results.add(registers[0]);
        Machine machine = new Interpreter().watchedBy(tracer).watchedBy(atExit);

        machine.run(program, Environment.system(), new Message(100, 443).context());

        assertThat(slots).containsExactly(0, 1);
        assertThat(results).containsExactly(100L);
        // @end
    }

    @Test
    void aProgramThatWasNotVerifiedFaults() {
        Machine machine = Engines.tested();
        // @start region="fault"
        Program program = Message.program("r0 = 0\nr10 = 5\nexit");

        ProgramFault fault =
                catchThrowableOfType(
                        ProgramFault.class,
                        () -> {
                            var message = new Message(100, 443).context();
                            machine.run(program, Environment.system(), message);
                        });

        assertThat(fault.errno()).isEqualTo(Errno.EFAULT);
        assertThat(fault.slot()).isEqualTo(1);
        assertThat(Unusable.why(program, fault.slot())).isEqualTo("frame pointer is read only");
        // @end
        assertThat(fault).hasMessageContaining(Unusable.FRAME_POINTER);
    }

    @Test
    void aTestOwnsTimeChanceAndWhoSends() {
        Machine machine = Engines.tested();
        var loader =
                new ObjectLoader(
                        MapKinds.plain(), _ -> Optional.of(Message.TYPE), new PinnedMaps());
        var timers = loader.load(Fixtures.object("timers"), LoadOptions.DEFAULT);
        var touch = timers.program("touch");
        var whoSends = Message.program("call 14\nr0 >>= 32\nexit");
        List<String> printed = new ArrayList<>();
        var message = new Message(100, 443).context();
        // @start region="environment"
        Task curl = new Task(4711, 4712, 1000, 1000, "curl", Task.PidNamespace.NONE);
        Queue<Runnable> due = new ArrayDeque<>();
        Alarms byHand =
                (nanos, task) -> {
                    due.add(task);
                    return () -> due.remove(task);
                };
        Environment environment =
                new Environment(() -> 1_000_000, () -> 4, printed::add)
                        .onBehalfOf(() -> curl)
                        .withAlarms(byHand);

        assertThat(machine.run(whoSends, environment, message).value()).isEqualTo(4711);
        machine.run(touch, environment, message); // starts a timer of a second
        due.remove().run(); // the second is over
        // @end
        var flow = timers.map("flows").lookup(Numbers.u32(7)).orElseThrow();
        assertThat(flow[12]).as("how often it expired").isEqualTo((byte) 1);
        assertThat(due).as("it starts its timer again").hasSize(1);
        assertThat(printed).isEmpty();
    }
}
