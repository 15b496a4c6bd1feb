package io.jsockmap.cli.bpftool;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code jsockmap map dump}. */
@Command(
        name = "dump",
        description = "Prints all elements of a map, by their types where the object tells them.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class MapDump implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private Asking asking;

    @Parameters(
            paramLabel = "MAP",
            arity = "1..*",
            hideParamSyntax = true,
            description = "id N, name NAME, or a name")
    private List<String> words;

    @Override
    public Integer call() throws IOException {
        var map = new Arguments(spec, words).only("a map");
        return asking.ask(Requests.of("map dump", "map", map), ElementText::all);
    }
}
