package io.jsockmap.testkit.scenario;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.policy.yaml.Members;
import io.jsockmap.policy.yaml.Yaml;
import io.jsockmap.sockmap.socket.Limits;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Reads scenario files: YAML, a document for each scenario.
 *
 * {@snippet class="io.jsockmap.testkit.examples.ScenarioExamples" region="play"}
 */
public final class ScenarioReader {
    private static final int LONGEST_MEGABYTES = 4;

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
        var text = Yaml.textOf(file, LONGEST_MEGABYTES);
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

    private Scenario scenario(Yaml document) {
        var members = new Members(document.members());
        members.check("a scenario has no", ScenarioKey.keys());
        var steps = new ArrayList<Scenario.Placed>();
        steps.addAll(opened(members));
        steps.addAll(listed(members, "insert"));
        for (var step : members.list("steps")) steps.addAll(placed(step));
        if (members.member("steps").isEmpty()) throw document.mistake("steps is missing");
        return new Scenario(
                members.text("name").orElse(file.getFileName().toString()),
                file,
                document.line(),
                members.text("object").map(file::resolveSibling),
                members.setup(),
                limits(members),
                plays(members),
                steps);
    }

    private static Limits limits(Members members) {
        return new Limits(
                room(members, "receive-buffer", Limits.DEFAULT.receiveBytes()),
                room(members, "send-buffer", Limits.DEFAULT.sendBytes()));
    }

    private static int room(Members members, String key, int otherwise) {
        var value = members.all().get(key);
        if (value == null) return otherwise;
        long bytes = value.number();
        if (bytes > 0 && bytes <= Integer.MAX_VALUE) return (int) bytes;
        throw value.mistake("expected a number of bytes from 1, found " + bytes);
    }

    private static PlayChoice plays(Members members) {
        var value = members.all().get("plays");
        if (value == null) return PlayChoice.ALL;
        return Arrays.stream(PlayChoice.values())
                .filter(choice -> choice.name().equalsIgnoreCase(value.text()))
                .findFirst()
                .orElseThrow(() -> value.mistake(value.text() + " is none of all, whole, kernel"));
    }

    /** The sockets that there are from the start. */
    private List<Scenario.Placed> opened(Members members) {
        List<Scenario.Placed> steps = new ArrayList<>();
        members.pairs("sockets")
                .forEach(
                        (name, choice) ->
                                steps.add(at(choice, new Step.Open(name, Sockets.choice(choice)))));
        return steps;
    }

    /** Steps that are listed by their main arguments only. */
    private List<Scenario.Placed> listed(Members members, String key) {
        var verb = Verbs.of(key).orElseThrow();
        return members.list(key).stream()
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
