package io.jsockmap.bpf.object;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.core.Relocator;
import io.jsockmap.bpf.core.TargetTypes;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.IndexKey;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapKinds;
import io.jsockmap.bpf.map.MapOfMaps;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.MappedMemory;
import io.jsockmap.bpf.map.ProgramArray;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramType;

import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Makes maps and programs of an object's specification.
 *
 * {@snippet class="io.jsockmap.bpf.examples.ObjectExamples" region="load"}
 */
public final class ObjectLoader {
    private static final Map<String, Long> KERNEL_SETTINGS =
            Map.of("LINUX_HAS_BPF_COOKIE", 1L, "LINUX_HAS_SYSCALL_WRAPPER", 1L);

    private static final System.Logger LOG = System.getLogger("io.jsockmap.bpf");

    private final Host host;
    private final Function<ProgramSpec, Optional<ProgramType>> typeOf;
    private final PinnedMaps pinned;
    private final Map<String, Long> settings = new HashMap<>(KERNEL_SETTINGS);

    /** A loader whose engine shows no types of its own to programs. */
    public ObjectLoader(
            MapKinds kinds,
            Function<ProgramSpec, Optional<ProgramType>> typeOf,
            PinnedMaps pinned) {
        this(kinds, typeOf, pinned, TargetTypes.NONE);
    }

    /** A loader for this process. */
    public ObjectLoader(
            MapKinds kinds,
            Function<ProgramSpec, Optional<ProgramType>> typeOf,
            PinnedMaps pinned,
            TargetTypes types) {
        this(Host.here(kinds, types), typeOf, pinned);
    }

    /**
     * @param host where objects are loaded
     * @param typeOf the type that a program's section means, or empty if it means none of ours
     * @param pinned the maps that are shared by name
     */
    public ObjectLoader(
            Host host, Function<ProgramSpec, Optional<ProgramType>> typeOf, PinnedMaps pinned) {
        this.host = host;
        this.typeOf = typeOf;
        this.pinned = pinned;
        settings.put("LINUX_KERNEL_VERSION", host.kernelVersion());
    }

    /**
     * Loads all programs whose type is known.
     *
     * @throws BpfException if an option names nothing, a map can't be made, or a program refers to
     *     what is not there
     * @throws io.jsockmap.bpf.verifier.VerifierException if a program is refused
     */
    public LoadedObject load(ObjectSpec spec, LoadOptions options) {
        return new Loading(spec, options).load();
    }

    private final class Loading {
        private final ObjectSpec spec;
        private final LoadOptions options;
        private final Relocator relocator;
        private final Map<String, BpfMap> maps = new LinkedHashMap<>();
        private final Map<String, BpfException> missing = new HashMap<>();

        /** The maps that were made for this object, and not found pinned. */
        private final Set<Object> mine = Collections.newSetFromMap(new IdentityHashMap<>());

        private final Map<String, Variable> variables = new HashMap<>();
        private final Map<String, Program> programs = new LinkedHashMap<>();
        private final Map<String, String> skipped = new LinkedHashMap<>();

        Loading(ObjectSpec spec, LoadOptions options) {
            this.spec = spec;
            this.options = options;
            relocator =
                    new Relocator(
                            options.targetTypes().map(host.types()::with).orElse(host.types()));
        }

        LoadedObject load() {
            checkNames();
            spec.maps().forEach(this::createMap);
            spec.maps().forEach(this::fillWithMaps);
            spec.data().forEach(this::createData);
            spec.programs().forEach(this::loadProgram);
            spec.maps().forEach(this::fillWithPrograms);
            return new LoadedObject(spec, maps, programs, variables, skipped, missing);
        }

        private void checkNames() {
            options.maxEntries().keySet().forEach(this::checkMap);
            options.maps().keySet().forEach(this::checkMap);
            for (var name : options.variables().keySet()) {
                if (spec.variables().stream().noneMatch(v -> v.name().equals(name))) {
                    throw nothing("variable", name);
                }
            }
            options.types().keySet().forEach(this::checkProgram);
            options.without().forEach(this::checkProgram);
        }

        private void checkMap(String name) {
            if (spec.maps().stream().noneMatch(m -> m.name().equals(name))) {
                throw nothing("map", name);
            }
        }

        private void checkProgram(String name) {
            if (spec.programs().stream().noneMatch(p -> p.name().equals(name))) {
                throw nothing("program", name);
            }
        }

        private BpfException nothing(String kind, String name) {
            return new BpfException(
                    Errno.ENOENT, "%s has no %s named %s".formatted(spec.name(), kind, name));
        }

        private void createMap(MapSpec map) {
            var count = options.maxEntries().get(map.name());
            var definition =
                    count == null ? map.definition() : map.definition().withMaxEntries(count);
            try {
                maps.put(map.name(), give(map.name(), MapFilling.fill(definition)));
            } catch (BpfException e) {
                // Objects define maps that no program of ours uses; only a use is an error.
                missing.put(map.name(), e);
            }
        }

        private BpfMap give(String name, MapDefinition definition) {
            var present = options.maps().get(name);
            if (present == null) return create(definition);
            if (present.definition().isCompatibleWith(definition)) return present;
            throw definition.refused(
                    Errno.EINVAL,
                    "the map that is to be used differs: " + present.definition().summary());
        }

        private BpfMap create(MapDefinition definition) {
            return definition.pinnedByName()
                    ? pinned.shared(definition, this::createAnew)
                    : createAnew(definition);
        }

        private BpfMap createAnew(MapDefinition definition) {
            var map = host.kinds().create(definition);
            mine.add(map);
            return map;
        }

        /** Puts the maps into maps of maps that they shall hold; one that is shared has them. */
        private void fillWithMaps(MapSpec map) {
            if (!(maps.get(map.name()) instanceof MapOfMaps outer) || !mine.contains(outer)) return;
            int keySize = map.definition().keySize();
            try {
                map.values()
                        .forEach(
                                (index, inner) -> {
                                    var key = Arrays.copyOf(IndexKey.of(index), keySize);
                                    outer.update(key, mapOf(inner), UpdateFlag.ANY);
                                });
            } catch (BpfException e) {
                maps.remove(map.name());
                missing.put(map.name(), e);
            }
        }

        private void createData(DataSpec data) {
            var bytes = data.bytes().clone();
            for (var variable : spec.variables()) {
                if (variable.section().equals(data.name())) initialize(variable, bytes);
            }
            int flags = data.readOnly() ? BpfMap.RDONLY_PROG : 0;
            var definition =
                    MapDefinition.of(data.name(), MapType.ARRAY, Integer.BYTES, bytes.length, 1)
                            .withFlags(flags);
            var map = host.kinds().create(definition);
            map.update(IndexKey.of(0), bytes, UpdateFlag.ANY);
            if (data.readOnly()) map.freeze();
            maps.put(data.name(), map);
            for (var variable : spec.variables()) {
                if (!variable.section().equals(data.name())) continue;
                variables.put(
                        variable.name(),
                        new Variable(variable, (MappedMemory) map, data.readOnly()));
            }
        }

        private void initialize(VariableSpec variable, byte[] section) {
            var value = options.variables().get(variable.name());
            if (value == null) {
                if (variable.section().equals(DataReader.KCONFIG)) configure(variable, section);
                return;
            }
            if (!fits(value, variable.size())) {
                throw new BpfException(
                        Errno.ERANGE,
                        "variable %s has %d bytes, the value more"
                                .formatted(variable.name(), variable.size()));
            }
            var bytes = Arrays.copyOf(value, variable.size());
            System.arraycopy(bytes, 0, section, variable.offset(), bytes.length);
        }

        /** Whether what a value has beyond those bytes is nothing but its sign, or zeros. */
        private static boolean fits(byte[] value, int size) {
            if (value.length <= size) return true;
            byte beyond = value[size];
            for (int i = size; i < value.length; i++) {
                if (value[i] != beyond) return false;
            }
            return beyond == 0 || beyond == -1 && value[size - 1] < 0;
        }

        private void configure(VariableSpec variable, byte[] section) {
            var value = settings.get(variable.name());
            if (value == null) return;
            for (int i = 0; i < Math.min(variable.size(), Long.BYTES); i++) {
                section[variable.offset() + i] = (byte) (value >> 8 * i);
            }
        }

        private void loadProgram(ProgramSpec program) {
            if (options.without().contains(program.name())) {
                skipped.put(program.name(), "left out by request");
                return;
            }
            var chosen = options.types().get(program.name());
            if (chosen == null && program.optional()) {
                skipped.put(program.name(), "optional (its section begins with ?): name its type");
                return;
            }
            var type = Optional.ofNullable(chosen).or(() -> typeOf.apply(program));
            if (type.isEmpty()) {
                skipped.put(
                        program.name(),
                        "section %s does not tell a type of program that runs here: name one"
                                .formatted(program.section()));
                return;
            }
            var linker =
                    new Linker(
                            spec, program, type.get(), relocator, this::mapOf, this::checkSetting);
            var linked = linker.link();
            if (options.verified()) linked = host.admission().apply(linked);
            for (var map : linked.maps()) {
                if (map instanceof ProgramArray<?> jumps) jumps.admit(linked);
            }
            programs.put(program.name(), linked);
        }

        private BpfMap mapOf(String name) {
            var map = maps.get(name);
            if (map != null) return map;
            var reason = missing.get(name);
            if (reason != null) throw reason;
            throw nothing("map", name);
        }

        /** A kernel setting that a program reads must have a value, or may be missing. */
        private void checkSetting(int offset) {
            for (var setting : spec.variables()) {
                boolean read =
                        setting.section().equals(DataReader.KCONFIG) && setting.offset() == offset;
                boolean known =
                        setting.weak()
                                || settings.containsKey(setting.name())
                                || options.variables().containsKey(setting.name());
                if (!read || known) continue;
                throw new BpfException(
                        Errno.ESRCH,
                        "%s wants the kernel setting %s, which has no value here: set it like a"
                                        .formatted(spec.name(), setting.name())
                                + " variable, or declare it __weak");
            }
        }

        private void fillWithPrograms(MapSpec map) {
            if (!(maps.get(map.name()) instanceof ProgramArray<?>)) return;
            @SuppressWarnings("unchecked")
            var array = (ProgramArray<Program>) maps.get(map.name());
            map.values()
                    .forEach(
                            (index, name) -> {
                                var program = programs.get(name);
                                if (program != null) {
                                    array.set(index, program);
                                } else {
                                    LOG.log(
                                            Level.INFO,
                                            "{0}: {1}[{2}] stays empty: program {3} is not loaded",
                                            spec.name(),
                                            map.name(),
                                            index,
                                            name);
                                }
                            });
        }
    }
}
