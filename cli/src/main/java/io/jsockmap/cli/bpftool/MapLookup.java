package io.jsockmap.cli.bpftool;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;

/** {@code jsockmap map lookup}. */
@Command(
        name = "lookup",
        description = "Prints the element of a key.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class MapLookup implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private Asking asking;

    @Parameters(
            paramLabel = "MAP key DATA",
            arity = "1..*",
            hideParamSyntax = true,
            description = "MAP: id N, name NAME, or a name; DATA: bytes, or a value by its type")
    private List<String> words;

    @Override
    public Integer call() throws IOException {
        var arguments = new Arguments(spec, words);
        var request = Requests.of("map lookup", "map", arguments.reference("a map"));
        arguments.expect("key");
        Requests.add(request, "key", arguments.upTo("a key", Set.of()));
        var found = new AtomicBoolean();
        int code =
                asking.print(
                        () -> {
                            var element = asking.answer(request);
                            found.set(!element.isJsonNull());
                            return element;
                        },
                        ElementText::one);
        return found.get() ? code : ExitCode.SOFTWARE;
    }
}
