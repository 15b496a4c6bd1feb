package io.jsockmap.bench.speed;

import io.jsockmap.bpf.compiler.CompilingMachine;
import io.jsockmap.bpf.interpreter.Interpreter;
import io.jsockmap.bpf.memory.Region;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.Machine;
import io.jsockmap.bpf.program.Program;

import java.util.List;

/** All that runs programs here: the one place to add to. */
final class Engines {
    private static final Environment ENVIRONMENT = Environment.system();

    private static final List<Kind> ALL =
            List.of(
                    new Kind("compiled", Engines::compiled),
                    new Kind("interpreter", Engines::interpreter));

    private Engines() {}

    /** Makes an engine of a program. */
    private interface Preparation {
        Engine of(String name, Program program, Packet packet);
    }

    private record Kind(String name, Preparation preparation) {}

    /** Their names. */
    static List<String> names() {
        return ALL.stream().map(Kind::name).toList();
    }

    /** A program and its packet in the engine of that name. */
    static Engine of(String name, Program program, byte[] packet) {
        var kind = ALL.stream().filter(k -> k.name.equals(name)).findFirst().orElseThrow();
        return kind.preparation.of(name, program, new Packet(packet));
    }

    private static Engine interpreter(String name, Program program, Packet packet) {
        return new OfMachine(name, new Interpreter(), program, TrafficControl.context(packet));
    }

    private static Engine compiled(String name, Program program, Packet packet) {
        var machine = CompilingMachine.atOnce(Interpreter.DEFAULT_LIMIT);
        return new OfMachine(name, machine, program, TrafficControl.context(packet));
    }

    /** A run through the seam that all of this project's runs go through. */
    private record OfMachine(String name, Machine machine, Program program, Region context)
            implements Engine {
        @Override
        public long run() {
            return machine.run(program, ENVIRONMENT, context).value();
        }
    }
}
