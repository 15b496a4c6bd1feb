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

/** {@code jsockmap map update}. */
@Command(
        name = "update",
        description = "Sets the value of a key.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class MapUpdate implements Callable<Integer> {
    private static final Set<String> FLAGS = Set.of("any", "exist", "noexist");

    @Spec private CommandSpec spec;
    @Mixin private Asking asking;

    @Parameters(
            paramLabel = "MAP key DATA value VALUE [any|exist|noexist]",
            arity = "1..*",
            hideParamSyntax = true,
            description = {
                "MAP: id N, name NAME, or a name; DATA: bytes, or a value by its type; VALUE:"
                        + " DATA,",
                "in a map of programs or maps id N or name NAME, in a map of sockets a cookie"
            })
    private List<String> words;

    @Override
    public Integer call() throws IOException {
        var arguments = new Arguments(spec, words);
        var request = Requests.of("map update", "map", arguments.reference("a map"));
        MapKey.addKey(arguments, request, Set.of("value"));
        arguments.expect("value");
        Requests.add(request, "value", arguments.upTo("a value", FLAGS));
        if (!arguments.isEmpty()) request.addProperty("flag", arguments.word("a flag"));
        arguments.end();
        return asking.ask(request, (_, _) -> {});
    }
}
