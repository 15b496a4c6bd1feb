package io.jsockmap.bpf.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jsockmap.bpf.Engines;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.insn.Assembler;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.Facts;
import io.jsockmap.bpf.program.MachineLimits;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.SlotFacts;
import io.jsockmap.bpf.program.StackUse;
import io.jsockmap.bpf.program.Target;
import io.jsockmap.bpf.verifier.Options;
import io.jsockmap.bpf.verifier.Verification;
import io.jsockmap.bpf.verifier.Verifier;
import io.jsockmap.bpf.verifier.VerifierException;
import io.jsockmap.bpf.verifier.explain.Explanation;
import io.jsockmap.bpf.verifier.rule.Refusal;
import io.jsockmap.bpf.verifier.rule.Rule;
import io.jsockmap.bpf.verifier.rule.RuleText;
import io.jsockmap.bpf.verifier.rule.Statistics;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the verifier says of a program. */
class VerifierExamples {
    @Test
    void aRefusalNamesTheRuleThatAProgramBreaks() {
        // @start region="refused"
        Program program = Program.of("judge", Message.TYPE, Assembler.assemble("r0 = r5\nexit"));

        Verification verification = Verifier.verify(program, Options.DEFAULT.withLog(1));

        Refusal refusal = verification.refusal().orElseThrow();
        assertThat(refusal.rule()).isEqualTo(Rule.UNINITIALISED_REGISTER);
        assertThat(refusal.errno()).isEqualTo(Errno.EACCES);
        assertThat(refusal.slot()).isZero();
        assertThat(verification.log()).contains("R5 !read_ok");

        Statistics statistics = verification.statistics();
        assertThat(statistics.instructions()).isEqualTo(1); // of a million, on all paths
        // @end
    }

    @Test
    void aRefusalIsExplained() {
        Program program = Message.program("*(u32 *)(r1 + 4) = 80\nr0 = 0\nexit");
        Refusal refusal = Verifier.verify(program, Options.DEFAULT).refusal().orElseThrow();
        // @start region="explained"
        Explanation explanation = Explanation.of(program, refusal);
        List<String> report = new ArrayList<>();
        report.add("Why: " + explanation.reason());
        explanation.at().forEach(place -> report.add("At: " + place));
        explanation.path().forEach(step -> report.add("After: " + step));
        report.add("Fix: " + explanation.suggestion());

        RuleText rule = refusal.rule().text();
        assertThat(rule.phrases()).contains("invalid bpf_context access off=");
        // @end
        assertThat(report)
                .anyMatch(line -> line.matches("At: .*\\*\\(u32 \\*\\)\\(r1 \\+4\\) = 80.*"));
        assertThat(rule.repair()).isNotBlank();
    }

    @Test
    void whoeverWantsTheProgramGetsAnException() {
        Program program = Message.program("r0 = r5\nexit");
        // @start region="exception"
        VerifierException refused =
                catchThrowableOfType(
                        VerifierException.class,
                        () -> Verifier.verify(program, Options.DEFAULT).accepted());

        assertThat(refused)
                .hasMessageContaining("program judge is refused: instruction 0: R5 !read_ok");
        assertThat(refused.verification().isAccepted()).isFalse();
        // @end
    }

    @Test
    void aFunctionHasSoMuchStack() {
        // @start region="limits"
        String fits = "*(u64 *)(r10 - %d) = 1\nr0 = 0\nexit".formatted(MachineLimits.STACK);
        String tooFar = "*(u64 *)(r10 - %d) = 1\nr0 = 0\nexit".formatted(MachineLimits.STACK + 8);

        assertThat(Verifier.verify(Message.program(fits), Options.DEFAULT).isAccepted()).isTrue();
        assertThat(Verifier.verify(Message.program(tooFar), Options.DEFAULT).refusal())
                .hasValueSatisfying(r -> assertThat(r.rule()).isEqualTo(Rule.STACK_BOUNDS));
        // @end
    }

    @Test
    void anAcceptedProgramComesWithWhatWasProvedOfIt() {
        // @start region="proved"
        Program program =
                Message.program(
                        """
                        r2 = *(u32 *)(r1 + 4)
                        *(u64 *)(r10 - 8) = r2
                        r0 = 0
                        exit
                        """);
        Facts facts = Verifier.verify(program, Options.DEFAULT).facts().orElseThrow();

        assertThat(facts.target(0)).isEqualTo(new Target.Context(4));
        assertThat(facts.target(1)).isEqualTo(new Target.Stack(-8));
        StackUse stack = facts.stack(0);
        assertThat(stack.lowest()).isEqualTo(-8);
        assertThat(stack.isDirect(-8)).isTrue(); // no helper gets at it
        // @end
    }

    @Test
    void aMachineTakesWhatAnotherVerifierHasProved() {
        Program program = Message.program("r0 = *(u32 *)(r1 + 4)\nexit");
        // @start region="told"
        SlotFacts load = new SlotFacts(new Target.Context(4), List.of(), List.of(), false, false);
        SlotFacts exit = new SlotFacts(Target.ANY, List.of(), List.of(), false, false);

        Program told = program.with(new Facts(List.of(load, exit), Map.of(0, StackUse.NONE)));
        // @end
        var message = new Message(100, 443).context();
        var result = Engines.tested().run(told, Environment.system(), message);
        assertThat(result.value()).isEqualTo(443);
    }
}
