package io.jsockmap.corpus.fuzz;

import io.jsockmap.bpf.btf.SourceLine;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.ProgArrayMap;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.memory.Memory;
import io.jsockmap.bpf.memory.Region;
import io.jsockmap.bpf.program.ContextLayout;
import io.jsockmap.bpf.program.ContextRegion;
import io.jsockmap.bpf.program.Debug;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.ExitWatcher;
import io.jsockmap.bpf.program.Loads;
import io.jsockmap.bpf.program.Machine;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramFault;
import io.jsockmap.bpf.program.RunResult;
import io.jsockmap.bpf.program.Task;
import io.jsockmap.sockmap.map.UserSockMap;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.Sock;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** One of two machines that are compared, with all that its runs touch. For one thread. */
final class Side {
    private static final String HELD_LOCK = "ended while it held a spin lock";
    private static final Task TASK = new Task(7, 8, 9, 10, "fuzz", Task.PidNamespace.NONE);

    private final List<Playground> grounds =
            Stream.of(Delivery.values()).map(Playground::new).toList();

    private final Journal journal = new Journal();
    private final Map<FuzzMap, BpfMap> maps = new EnumMap<>(FuzzMap.class);
    private Machine machine;
    private Program program;

    /** The instructions of the last run, as far as the machine counts them. */
    private long instructions;

    /**
     * Makes the programs of a case anew, with new maps.
     *
     * @param making makes the machine that is to run it
     */
    void load(Case given, Function<ExitWatcher, Machine> making) {
        machine = making.apply(journal::exits);
        maps.clear();
        program = made(given.main(), given.lines());
        if (!(maps.get(FuzzMap.PROGRAMS) instanceof ProgArrayMap<?> some)) return;
        @SuppressWarnings("unchecked")
        var programs = (ProgArrayMap<Program>) some;
        for (int i = 0; i < given.targets().size(); i++) {
            programs.set(i, made(given.targets().get(i), given.lines()));
        }
    }

    private Program made(Case.Part part, boolean lines) {
        var type = journal.watched(part.draft().type());
        var debug = lines ? Debug.of(lines()) : Debug.NONE;
        var made = part.draft().program(type, maps, debug);
        return part.facts().map(made::with).orElse(made);
    }

    private static final TreeMap<Integer, SourceLine> LINES = new TreeMap<>();

    static {
        IntStream.range(0, 2000)
                .forEach(slot -> LINES.put(slot, new SourceLine("fuzz.c", slot + 1, 0, "")));
    }

    private static NavigableMap<Integer, SourceLine> lines() {
        return LINES;
    }

    /**
     * Runs it once.
     *
     * @param seed decides what it is run on
     */
    Observation run(long seed) {
        var random = new SplittableRandom(seed);
        Contents.fill(List.copyOf(maps.values()), random);
        journal.clear();
        var seen = new Observation[1];
        ground(random)
                .play(
                        program.type().name(),
                        random,
                        (socket, context, second) ->
                                seen[0] = observe(environment(random), socket, context, second));
        return seen[0];
    }

    /** Lets a message or event go by, so that the other side is not ahead. */
    void skip(long seed) {
        var random = new SplittableRandom(seed);
        Contents.fill(List.copyOf(maps.values()), random);
        ground(random).play(program.type().name(), random, (_, _, _) -> {});
    }

    private Playground ground(RandomGenerator random) {
        return grounds.get(random.nextInt(grounds.size()));
    }

    private Environment environment(RandomGenerator random) {
        return new Environment(
                () -> Chance.number(random),
                () -> (int) Chance.number(random),
                journal::prints,
                () -> Chance.number(random),
                () -> TASK,
                (_, _) -> () -> {});
    }

    private Observation observe(Environment environment, Sock socket, Region context, long second) {
        if (maps.get(FuzzMap.SOCKETS) instanceof UserSockMap sockets) {
            sockets.update(0, socket, UpdateFlag.ANY);
        }
        Optional<RunResult> result = Optional.empty();
        Optional<String> fault = Optional.empty();
        instructions = 0;
        try {
            var ended = machine.run(program, environment, context, second);
            instructions = ended.instructions();
            result = Optional.of(ended);
        } catch (ProgramFault e) {
            fault = Optional.of(told(e.getMessage()));
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            var trace = e.getStackTrace();
            fault = Optional.of("failed: " + e + (trace.length == 0 ? "" : " at " + trace[0]));
        }
        return new Observation(
                result.map(RunResult::value).map(StackPointers::alike),
                result.flatMap(RunResult::decided),
                fault,
                journal.exits(),
                journal.calls(),
                journal.printed(),
                Contents.text(Playground.bytes(context)),
                fields(context),
                contents(socket));
    }

    /** At which of its exits a run ended, compiled code does not tell. */
    private static String told(String fault) {
        return fault.endsWith(HELD_LOCK) ? HELD_LOCK : fault;
    }

    /** As {@link io.jsockmap.bpf.program.RunResult#instructions} of the last run. */
    long instructions() {
        return instructions;
    }

    private Map<String, List<String>> contents(Sock socket) {
        Map<String, List<String>> all = new TreeMap<>();
        maps.forEach((map, made) -> all.put(map.label(), Contents.of(made, socket)));
        return all;
    }

    private static Map<String, Long> fields(Region context) {
        Map<String, Long> fields = new TreeMap<>();
        if (context instanceof ContextRegion<?> region) addFields(region, fields);
        return fields;
    }

    private static <C> void addFields(ContextRegion<C> region, Map<String, Long> fields) {
        ContextLayout<C> layout = region.layout();
        var memory = new Memory();
        for (var field : layout.fields()) {
            if (field.loads() == Loads.NONE) continue;
            fields.put(field.name(), field.getter().get(region.context(), memory));
        }
    }
}
