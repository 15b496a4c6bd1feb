package io.jsockmap.cli.bpftool;

import com.google.gson.JsonObject;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code jsockmap prog attach}. */
@Command(
        name = "attach",
        description = "Attaches a program to a map: sockets that are inserted later inherit it.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ProgAttach implements Callable<Integer> {
    static final String ATTACH_TYPES =
            "sk_msg_verdict, sk_skb_stream_parser, sk_skb_stream_verdict, sk_skb_verdict; older"
                    + " names: msg_verdict, stream_parser, stream_verdict, skb_verdict";

    @Spec private CommandSpec spec;
    @Mixin private Asking asking;

    @Parameters(
            paramLabel = "PROG ATTACH_TYPE MAP",
            arity = "1..*",
            hideParamSyntax = true,
            description = ATTACH_TYPES)
    private List<String> words;

    @Override
    public Integer call() throws IOException {
        return asking.ask(request("prog attach", spec, words), (_, _) -> {});
    }

    static JsonObject request(String command, CommandSpec spec, List<String> words) {
        var arguments = new Arguments(spec, words);
        var request = Requests.of(command, "prog", arguments.reference("a program"));
        request.addProperty("attach_type", arguments.word("an attach type"));
        Requests.add(request, "map", arguments.reference("a map"));
        arguments.end();
        return request;
    }
}
