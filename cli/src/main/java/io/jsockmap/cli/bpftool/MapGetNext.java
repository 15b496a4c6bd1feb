package io.jsockmap.cli.bpftool;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

/** {@code jsockmap map getnext}. */
@Command(
        name = "getnext",
        description = "Prints the key behind another one, or the first key.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class MapGetNext implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private Asking asking;

    @Parameters(
            paramLabel = "MAP [key DATA]",
            arity = "1..*",
            hideParamSyntax = true,
            description = "MAP: id N, name NAME, or a name; DATA: bytes, or a value by its type")
    private List<String> words;

    @Override
    public Integer call() throws IOException {
        var arguments = new Arguments(spec, words);
        var request = Requests.of("map getnext", "map", arguments.reference("a map"));
        if (!arguments.isEmpty()) MapKey.addKey(arguments, request, Set.of());
        return asking.ask(request, ElementText::next);
    }
}
