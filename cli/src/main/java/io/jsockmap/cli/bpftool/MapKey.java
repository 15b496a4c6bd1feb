package io.jsockmap.cli.bpftool;

import com.google.gson.JsonObject;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.util.List;
import java.util.Set;

/** The words that say which element of which map. */
final class MapKey {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Parameters(
            paramLabel = "MAP key DATA",
            arity = "1..*",
            hideParamSyntax = true,
            description = "MAP: id N, name NAME, or a name; DATA: bytes, or a value by its type")
    private List<String> words;

    /** A request with the map and the key. */
    JsonObject request(String command) {
        var arguments = new Arguments(spec, words);
        var request = Requests.of(command, "map", arguments.reference("a map"));
        addKey(arguments, request, Set.of());
        return request;
    }

    /** Takes {@code key DATA}, up to one of those words. */
    static void addKey(Arguments arguments, JsonObject request, Set<String> ends) {
        arguments.expect("key");
        Requests.add(request, "key", arguments.upTo("a key", ends));
    }
}
