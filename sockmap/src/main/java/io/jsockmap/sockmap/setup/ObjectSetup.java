package io.jsockmap.sockmap.setup;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.core.TypesFile;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.bpf.object.ObjectSpec;
import io.jsockmap.bpf.object.VariableSpec;
import io.jsockmap.bpf.program.ProgramType;
import io.jsockmap.sockmap.SockmapEngine;
import io.jsockmap.sockmap.SockmapObject;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.key.KeyNotation;
import io.jsockmap.sockmap.key.NamedSockets;
import io.jsockmap.sockmap.program.SocketPrograms;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What people say of an object before it runs: the words of {@code jsockmap run}'s options and of
 * scenario files.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.SetupExamples" region="setup"}
 *
 * @param types sections that programs are taken for, by program
 * @param skipped programs that are not loaded
 * @param maxEntries other sizes of maps, by map
 * @param targetTypes a file of the kernel's types, for programs that look into its structures
 * @param settings {@code NAME=VALUE} for variables, {@code MAP[KEY]=VALUE} for elements
 * @param attachments {@code PROGRAM=MAP[:ATTACH]}; what is not named goes where its section says
 */
public record ObjectSetup(
        Map<String, String> types,
        List<String> skipped,
        Map<String, Long> maxEntries,
        Optional<Path> targetTypes,
        List<String> settings,
        List<String> attachments) {
    private static final Pattern VARIABLE = Pattern.compile("(\\w+)=(.*)");

    /** Nothing said. */
    public static final ObjectSetup NONE =
            new ObjectSetup(Map.of(), List.of(), Map.of(), Optional.empty(), List.of(), List.of());

    /**
     * Loads the object, attaches its programs and sets what is to be set.
     *
     * @throws BpfException if it is refused, or something that was said does not fit it
     */
    public UserObject load(UserEngine engine, ObjectSpec spec) {
        return ready(engine, engine.load(spec, loadOptions(spec)));
    }

    /** {@link #load(UserEngine, ObjectSpec)} in an engine of any kind. */
    public SockmapObject load(SockmapEngine engine, ObjectSpec spec) {
        return ready(engine, engine.load(spec, loadOptions(spec)));
    }

    /** {@link #load} of an object whose programs are known to be sound: they are not verified. */
    public UserObject reload(UserEngine engine, ObjectSpec spec) {
        return ready(engine, engine.load(spec, loadOptions(spec).unverified()));
    }

    private <O extends SockmapObject> O ready(SockmapEngine engine, O object) {
        try {
            attachments(object).attach(engine);
            setElements(object);
            return object;
        } catch (BpfException e) {
            object.close();
            throw e;
        }
    }

    private Attachments attachments(SockmapObject object) {
        return new Attachments(object, attachments, types);
    }

    /**
     * Attaches the programs that go to maps, and leaves those of sock_ops to who knows better.
     *
     * @throws BpfException EINVAL if it is not clear where one goes
     */
    public void attachToMaps(SockmapObject object) {
        attachments(object).attachToMaps();
    }

    /** Sets the elements of maps that are to be set, in their order. */
    public void setElements(SockmapObject object) {
        elements().forEach(element -> element.set(object, NamedSockets.NONE));
    }

    private Stream<Element> elements() {
        return settings.stream().flatMap(setting -> Element.parse(setting).stream());
    }

    /**
     * {@link #setElements} of maps that others use already.
     *
     * @return puts back what they had there before; of maps without keys (queues, stacks, bloom
     *     filters), and of BPF_F_WRONLY ones, nothing is
     * @throws BpfException if one can't be set; what they had is put back then
     */
    public Runnable exchangeElements(SockmapObject object) {
        Deque<Runnable> before = new ArrayDeque<>();
        // The last first: an element may be set twice.
        Runnable putBack = () -> before.forEach(Runnable::run);
        try {
            for (var element : elements().toList()) {
                var remembered = element.remember(object, NamedSockets.NONE);
                element.set(object, NamedSockets.NONE);
                before.addFirst(remembered);
            }
        } catch (BpfException e) {
            putBack.run();
            throw e;
        }
        return putBack;
    }

    /**
     * What is to be changed before programs are verified.
     *
     * @throws BpfException EINVAL for a type there is not or a value that does not fit, ENOENT for
     *     a variable that the object has not
     */
    public LoadOptions loadOptions(ObjectSpec spec) {
        var options = LoadOptions.DEFAULT;
        for (var type : types.entrySet()) {
            options = options.withType(type.getKey(), programType(type));
        }
        for (var size : maxEntries.entrySet()) {
            options = options.withMaxEntries(size.getKey(), size.getValue());
        }
        for (var program : skipped) options = options.without(program);
        if (targetTypes.isPresent()) {
            options = options.withTargetTypes(TypesFile.read(targetTypes.get()));
        }
        for (var setting : settings) {
            if (Element.parse(setting).isEmpty()) options = setVariable(options, spec, setting);
        }
        return options;
    }

    private static ProgramType programType(Map.Entry<String, String> type) {
        return SocketPrograms.ofSection(type.getValue())
                .orElseThrow(
                        () ->
                                new BpfException(
                                        Errno.EINVAL,
                                        "--type %s=%s: no type of program is called so"
                                                .formatted(type.getKey(), type.getValue())));
    }

    private static LoadOptions setVariable(LoadOptions options, ObjectSpec spec, String setting) {
        var parts = VARIABLE.matcher(setting);
        if (!parts.matches()) {
            throw new BpfException(
                    Errno.EINVAL,
                    "--set %s: expected NAME=VALUE or MAP[KEY]=VALUE".formatted(setting));
        }
        var variable = variable(spec, setting, parts.group(1));
        var value =
                KeyNotation.parse(parts.group(2))
                        .bytes(spec.btf(), variable.type(), variable.size(), NamedSockets.NONE);
        return options.withVariable(variable.name(), value);
    }

    private static VariableSpec variable(ObjectSpec spec, String setting, String name) {
        return spec.variables().stream()
                .filter(v -> v.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new BpfException(
                                        Errno.ENOENT,
                                        "--set %s: %s has no variable %s"
                                                .formatted(setting, spec.name(), name)));
    }
}
