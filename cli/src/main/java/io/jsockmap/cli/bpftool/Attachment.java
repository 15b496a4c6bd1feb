package io.jsockmap.cli.bpftool;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;

/** Attaches or detaches: which program, as what, and at which map. */
abstract class Attachment implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private Asking asking;

    @Parameters(
            paramLabel = "PROG ATTACH_TYPE MAP",
            arity = "1..*",
            hideParamSyntax = true,
            description =
                    "sk_msg_verdict, sk_skb_stream_parser, sk_skb_stream_verdict, sk_skb_verdict;"
                            + " older names: msg_verdict, stream_parser, stream_verdict,"
                            + " skb_verdict")
    private List<String> words;

    @Override
    public Integer call() throws IOException {
        var arguments = new Arguments(spec, words);
        var command = "prog " + spec.name();
        var request = Requests.of(command, "prog", arguments.reference("a program"));
        request.addProperty("attach_type", arguments.word("an attach type"));
        Requests.add(request, "map", arguments.reference("a map"));
        arguments.end();
        return asking.ask(request, (_, _) -> {});
    }
}
