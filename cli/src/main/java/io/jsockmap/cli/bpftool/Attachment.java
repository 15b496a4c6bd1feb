package io.jsockmap.cli.bpftool;

import com.google.gson.JsonObject;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.util.List;

/** The words that say which program, as what, and at which map. */
final class Attachment {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Parameters(
            paramLabel = "PROG ATTACH_TYPE MAP",
            arity = "1..*",
            hideParamSyntax = true,
            description =
                    "sk_msg_verdict, sk_skb_stream_parser, sk_skb_stream_verdict, sk_skb_verdict;"
                            + " older names: msg_verdict, stream_parser, stream_verdict,"
                            + " skb_verdict")
    private List<String> words;

    JsonObject request(String command) {
        var arguments = new Arguments(spec, words);
        var request = Requests.of(command, "prog", arguments.reference("a program"));
        request.addProperty("attach_type", arguments.word("an attach type"));
        Requests.add(request, "map", arguments.reference("a map"));
        arguments.end();
        return request;
    }
}
