package io.jsockmap.testkit.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.interpreter.Interpreter;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.bpf.object.ObjectReader;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.testkit.Programs;
import io.jsockmap.testkit.lint.Finding;
import io.jsockmap.testkit.lint.Lint;
import io.jsockmap.testkit.lint.LintJson;
import io.jsockmap.testkit.lint.LintText;
import io.jsockmap.testkit.lint.Rule;
import io.jsockmap.testkit.lint.Severity;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.List;

/** How an object is searched for the mistakes that people make with maps of sockets. */
class LintExamples {
    private final UserEngine engine =
            UserEngine.open(UserEngine.Settings.DEFAULT.with(new Interpreter()));

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void graveFindingsFailABuild() {
        var naive = ObjectReader.read(Programs.own("naive-http"));
        // @start region="findings"
        UserObject object = engine.load(naive, LoadOptions.DEFAULT.unverified());

        List<Finding> grave =
                Lint.of(object).stream()
                        .filter(finding -> finding.severity().isAtLeast(Severity.WARNING))
                        .toList();

        assertThat(grave).map(Finding::rule).containsOnly(Rule.PACKET_WITHOUT_PULL);
        assertThat(LintText.of("naive-http.bpf.o", grave.getFirst()))
                .startsWith("naive-http.bpf.c:22: warning: judge: ")
                .contains("Fix: Call bpf_skb_pull_data");
        // @end
    }

    @Test
    void aRuleThatSomebodyHasAcceptedIsLeftOut() {
        var object =
                engine.load(
                        ObjectReader.read(Programs.own("naive-http")),
                        LoadOptions.DEFAULT.unverified());
        // @start region="accepted"
        Rule accepted = Rule.of("packet-without-pull").orElseThrow();

        List<String> rest =
                Lint.of(object).stream()
                        .filter(finding -> finding.rule() != accepted)
                        .map(finding -> LintJson.of("naive-http.bpf.o", finding))
                        .toList();
        // @end
        assertThat(rest).isEmpty();
    }
}
