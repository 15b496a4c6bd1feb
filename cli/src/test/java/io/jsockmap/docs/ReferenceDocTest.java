package io.jsockmap.docs;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.program.ContextField;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.HelperNames;
import io.jsockmap.bpf.program.Kfunc;
import io.jsockmap.bpf.program.Loads;
import io.jsockmap.bpf.program.ProgramType;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.program.SocketPrograms;
import io.jsockmap.testkit.scenario.ScenarioSchema;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The reference is made of the tables that the verifier, the machines and the readers use. */
@DisplayName("docs/reference")
class ReferenceDocTest {
    private static final List<ProgramType> TYPES =
            List.of(SocketPrograms.SK_MSG, SocketPrograms.SK_SKB, SocketPrograms.SOCK_OPS);

    private static final String GENERATED =
            "\nThis page is generated from the code's own tables; change it there.\n";

    @Test
    void contexts() throws IOException {
        var text = new StringBuilder("# Contexts: what R1 points to\n" + GENERATED);
        for (var type : TYPES) context(text, type);
        Generated.check("reference/contexts.md", text.toString());
    }

    private static void context(StringBuilder text, ProgramType type) {
        var layout = type.context();
        text.append(
                "%n## %s: `%s`, %d bytes%n%n".formatted(type.name(), layout.name(), layout.size()));
        text.append(
                "| offset | bytes | field | loads | stores |\n| --- | --- | --- | --- | --- |\n");
        for (var field : layout.fields()) {
            text.append(
                    "| %d | %d | `%s` | %s | %s |%n"
                            .formatted(
                                    field.offset(),
                                    field.size(),
                                    field.name(),
                                    loads(field),
                                    field.setter() == null ? "" : "yes"));
        }
    }

    private static String loads(ContextField<?> field) {
        return switch (field.loads()) {
            case Loads.EXACT -> "whole";
            case Loads.NARROW -> "whole or in parts";
            case Loads.FIRST -> "whole, or parts at its start";
            case Loads.HALF -> "whole, or parts of the first two bytes";
            case Loads.NONE -> "refused";
        };
    }

    @Test
    void helpers() throws IOException {
        Map<Integer, List<ProgramType>> types = new TreeMap<>();
        for (var type : TYPES) {
            for (int number : type.helpers().keySet()) {
                types.merge(number, List.of(type), ReferenceDocTest::both);
            }
        }
        var text = new StringBuilder("# Helpers\n" + GENERATED);
        text.append(
                "\n| number | helper | takes | gives | for |\n| --- | --- | --- | --- | --- |\n");
        types.forEach(
                (number, with) ->
                        text.append(
                                "| %d | `%s` | %s | %s | %s |%n"
                                        .formatted(
                                                number,
                                                HelperNames.of(number),
                                                arguments(
                                                        with.getFirst()
                                                                .helpers()
                                                                .get(number)
                                                                .arguments()),
                                                words(
                                                        with.getFirst()
                                                                .helpers()
                                                                .get(number)
                                                                .result()),
                                                with.stream()
                                                        .map(ProgramType::name)
                                                        .collect(Collectors.joining(", ")))));
        text.append("\n## Functions of the kernel (kfuncs)\n\n");
        text.append("| function | takes | gives |\n| --- | --- | --- |\n");
        for (Kfunc kfunc : SocketPrograms.SK_MSG.kfuncs()) {
            text.append(
                    "| `%s` | %s | %s |%n"
                            .formatted(
                                    kfunc.name(),
                                    arguments(kfunc.arguments()),
                                    words(kfunc.result())));
        }
        Generated.check("reference/helpers.md", text.toString());
    }

    private static List<ProgramType> both(List<ProgramType> some, List<ProgramType> more) {
        var all = new java.util.ArrayList<>(some);
        all.addAll(more);
        return all;
    }

    private static String arguments(List<Helper.Argument> arguments) {
        return arguments.stream().map(ReferenceDocTest::words).collect(Collectors.joining(", "));
    }

    private static String words(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    @Test
    void maps() throws IOException {
        var text = new StringBuilder("# Maps\n" + GENERATED);
        text.append("\n| kind | the kernel's constant | number |\n| --- | --- | --- |\n");
        for (var type : UserEngine.mapKinds().types()) {
            text.append(
                    "| %s | `BPF_MAP_TYPE_%s` | %d |%n"
                            .formatted(type, type.name(), type.number()));
        }
        text.append("\nOther kinds are refused with EINVAL when the object is loaded.\n");
        Generated.check("reference/maps.md", text.toString());
    }

    @Test
    void errors() throws IOException {
        var text = new StringBuilder("# Errors\n" + GENERATED);
        text.append("\n| name | number | |\n| --- | --- | --- |\n");
        for (var errno : Errno.values()) {
            text.append("| %s | %d | %s |%n".formatted(errno, errno.number(), errno.text()));
        }
        text.append("\nHelpers return them negative; the API throws `BpfException` with them.\n");
        Generated.check("reference/errno.md", text.toString());
    }

    @Test
    void scenarios() throws IOException {
        var top = "# What a scenario may say\n" + GENERATED;
        var about =
                "\n"
                        + "A file is YAML, with a document (`---`) for each scenario."
                        + " [testing.md](../testing.md) tells how they are played.\n\n";
        Generated.check("reference/scenarios.md", top + about + ScenarioSchema.markdown());
    }
}
