package io.jsockmap.testkit.scenario;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.policy.yaml.Yaml;
import io.jsockmap.sockmap.setup.ObjectSetup;
import io.jsockmap.sockmap.socket.Limits;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads scenario files: YAML, a document for each scenario. */
public final class ScenarioReader {
    private static final int LONGEST = 1 << 22;

    private final Path file;
    private final List<String> lines;

    private ScenarioReader(Path file, String text) {
        this.file = file;
        lines = text.lines().toList();
    }

    /**
     * The scenarios of a file.
     *
     * @throws BpfException ENOENT if there is no such file, EINVAL with the line for a mistake
     */
    public static List<Scenario> read(Path file) {
        var text = textOf(file);
        var reader = new ScenarioReader(file, text);
        var documents = Yaml.documents(file, text);
        if (documents.isEmpty()) {
            throw new BpfException(Errno.EINVAL, "%s: there is no scenario".formatted(file));
        }
        return documents.stream().map(reader::scenario).toList();
    }

    /**
     * Steps by themselves, as they stand behind {@code steps:}.
     *
     * @param file what they are called, and where files are named from
     * @throws BpfException EINVAL with the line for a mistake
     */
    static List<Scenario.Placed> steps(Path file, String text) {
        var reader = new ScenarioReader(file, text);
        return Yaml.documents(file, text).stream()
                .flatMap(document -> document.list().stream())
                .flatMap(step -> reader.placed(step).stream())
                .toList();
    }

    private static String textOf(Path file) {
        try {
            if (Files.size(file) > LONGEST) {
                throw new BpfException(Errno.E2BIG, "%s: longer than 4 MiB".formatted(file));
            }
            return Files.readString(file);
        } catch (MalformedInputException _) {
            throw new BpfException(Errno.EINVAL, "%s: is not UTF-8".formatted(file));
        } catch (IOException e) {
            throw new BpfException(Errno.ENOENT, "%s: can't be read".formatted(file), e);
        }
    }

    private Scenario scenario(Yaml document) {
        var members = document.members();
        members.forEach(ScenarioReader::checkKey);
        var steps = new ArrayList<Scenario.Placed>();
        steps.addAll(opened(members));
        steps.addAll(listed(members, "insert"));
        for (var step : list(members, "steps")) steps.addAll(placed(step));
        if (!members.containsKey("steps")) throw document.mistake("steps is missing");
        return new Scenario(
                text(members, "name").orElse(file.getFileName().toString()),
                file,
                document.line(),
                text(members, "object").map(file::resolveSibling),
                setup(members),
                limits(members),
                plays(members),
                steps);
    }

    private static void checkKey(String key, Yaml value) {
        if (ScenarioKey.of(key).isPresent()) return;
        throw value.mistake(
                "a scenario has no %s (%s)"
                        .formatted(
                                key,
                                Arrays.stream(ScenarioKey.values())
                                        .map(ScenarioKey::key)
                                        .collect(Collectors.joining(", "))));
    }

    private static Optional<String> text(Map<String, Yaml> members, String key) {
        return Optional.ofNullable(members.get(key)).map(Yaml::text);
    }

    private static List<Yaml> list(Map<String, Yaml> members, String key) {
        return Optional.ofNullable(members.get(key)).map(Yaml::list).orElse(List.of());
    }

    private static List<String> texts(Map<String, Yaml> members, String key) {
        return list(members, key).stream().map(Yaml::text).toList();
    }

    private ObjectSetup setup(Map<String, Yaml> members) {
        return new ObjectSetup(
                pairs(members, "type").entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().text())),
                texts(members, "skip"),
                pairs(members, "max-entries").entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().number())),
                text(members, "btf").map(file::resolveSibling),
                texts(members, "set"),
                texts(members, "attach"));
    }

    private static Map<String, Yaml> pairs(Map<String, Yaml> members, String key) {
        return Optional.ofNullable(members.get(key)).map(Yaml::members).orElse(Map.of());
    }

    private static Limits limits(Map<String, Yaml> members) {
        return new Limits(
                room(members, "receive-buffer", Limits.DEFAULT.receiveBytes()),
                room(members, "send-buffer", Limits.DEFAULT.sendBytes()));
    }

    private static int room(Map<String, Yaml> members, String key, int otherwise) {
        var value = members.get(key);
        if (value == null) return otherwise;
        long bytes = value.number();
        if (bytes > 0 && bytes <= Integer.MAX_VALUE) return (int) bytes;
        throw value.mistake("expected a number of bytes from 1, found " + bytes);
    }

    private static PlayChoice plays(Map<String, Yaml> members) {
        var value = members.get("plays");
        if (value == null) return PlayChoice.ALL;
        return Arrays.stream(PlayChoice.values())
                .filter(choice -> choice.name().equalsIgnoreCase(value.text()))
                .findFirst()
                .orElseThrow(() -> value.mistake(value.text() + " is none of all, whole, kernel"));
    }

    /** The sockets that there are from the start. */
    private List<Scenario.Placed> opened(Map<String, Yaml> members) {
        List<Scenario.Placed> steps = new ArrayList<>();
        pairs(members, "sockets")
                .forEach(
                        (name, choice) ->
                                steps.add(at(choice, new Step.Open(name, Sockets.choice(choice)))));
        return steps;
    }

    /** Steps that are listed by their main arguments only. */
    private List<Scenario.Placed> listed(Map<String, Yaml> members, String key) {
        var verb = Verbs.of(key).orElseThrow();
        return list(members, key).stream()
                .map(v -> at(v, verb.make().apply(new Arguments(v, Map.of(key, v)))))
                .toList();
    }

    private List<Scenario.Placed> placed(Yaml step) {
        var members = step.members();
        var verb =
                members.keySet().stream()
                        .map(Verbs::of)
                        .flatMap(Optional::stream)
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        step.mistake(
                                                "no step is called so; there are: "
                                                        + Verbs.ALL.stream()
                                                                .map(Verb::name)
                                                                .collect(
                                                                        Collectors.joining(", "))));
        check(step, verb, members);
        var made = verb.make().apply(new Arguments(step, new LinkedHashMap<>(members)));
        return made instanceof Step.Captured(var steps)
                ? steps.stream().map(each -> at(step, each)).toList()
                : List.of(at(step, made));
    }

    private static void check(Yaml step, Verb verb, Map<String, Yaml> members) {
        members.forEach(
                (key, value) -> {
                    if (key.equals(verb.name()) || verb.field(key).isPresent()) return;
                    throw value.mistake("%s has no %s".formatted(verb.name(), key));
                });
        for (var field : verb.fields()) {
            if (field.required() && !members.containsKey(field.name())) {
                throw step.mistake("%s needs %s".formatted(verb.name(), field.name()));
            }
        }
    }

    private Scenario.Placed at(Yaml value, Step step) {
        int line = value.line();
        var text = line <= lines.size() ? lines.get(line - 1).strip() : "";
        return new Scenario.Placed(line, text.replaceFirst("^- +", ""), step);
    }
}
