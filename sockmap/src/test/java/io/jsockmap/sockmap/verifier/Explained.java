package io.jsockmap.sockmap.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.verifier.Options;
import io.jsockmap.bpf.verifier.Verifier;
import io.jsockmap.bpf.verifier.explain.Explanation;
import io.jsockmap.bpf.verifier.rule.Rule;

import java.util.List;

/** How the verifier's refusals of programs are explained. */
final class Explained {
    private Explained() {}

    /** The explanation of why that program is refused. */
    static Explanation of(String type, List<String> maps, String text) {
        return of(ProgramText.read(type, maps, text));
    }

    /** The explanation of why that program without maps is refused. */
    static Explanation of(String type, String text) {
        return of(type, List.of(), text);
    }

    static Explanation of(Program program) {
        var refusal = Verifier.verify(program, Options.DEFAULT).refusal().orElseThrow();
        return Explanation.of(program, refusal);
    }

    /** The explanation of the program that the catalogue shows for a rule. */
    static Explanation example(Rule rule) {
        var example = rule.text().example().orElseThrow();
        var program =
                ProgramText.read(
                        example.type(), example.license(), example.maps(), example.refused());
        var refusal = Verifier.verify(program, Options.DEFAULT).refusal().orElseThrow();
        assertThat(refusal.rule()).isEqualTo(rule);
        return Explanation.of(program, refusal);
    }
}
