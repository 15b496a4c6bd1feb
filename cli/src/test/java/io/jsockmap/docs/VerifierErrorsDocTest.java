package io.jsockmap.docs;

import io.jsockmap.bpf.verifier.rule.Rule;
import io.jsockmap.bpf.verifier.rule.RuleText;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** docs/verifier-errors.md is made of the catalogue of rules. */
@DisplayName("docs/verifier-errors.md")
class VerifierErrorsDocTest {
    private static final String TOP =
            """
            # What the verifier says, and what to do

            `jsockmap verify OBJECT` says of each program whether Linux 6.18 would load it. Of one that is refused it prints the
            kernel's phrase and four parts: the reason, the C line and the instruction, how it came to be so, and what would make it
            legal. This page explains each kind of refusal, with a smallest program that is refused and the same without the mistake.

            Programs here are assembler as `jsockmap disasm` prints it, with names for helpers, kfuncs and maps. At their start R1
            points to the context and R10 to the end of the stack.

            This file is generated from the verifier's own catalogue; change it there.

            ## By phrase

            | the log says | see |
            | --- | --- |
            """;

    @Test
    @DisplayName("says what the catalogue says")
    void theDocumentIsUpToDate() throws IOException {
        Generated.check("verifier-errors.md", document());
    }

    private static String document() {
        var text = new StringBuilder(TOP);
        phrases()
                .forEach(
                        (phrase, rule) ->
                                text.append(
                                        "| `%s` | [%s](#%s) |%n"
                                                .formatted(
                                                        phrase.replace("|", "\\|"),
                                                        rule.text().title(),
                                                        anchor(rule))));
        for (var rule : Rule.values()) section(text, rule);
        return text.toString();
    }

    private static Map<String, Rule> phrases() {
        var phrases = new TreeMap<String, Rule>(String.CASE_INSENSITIVE_ORDER);
        for (var rule : Rule.values()) {
            for (var phrase : rule.text().phrases()) phrases.putIfAbsent(phrase, rule);
        }
        return phrases;
    }

    private static String anchor(Rule rule) {
        return rule.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static void section(StringBuilder text, Rule rule) {
        var entry = rule.text();
        text.append("%n<a id=\"%s\"></a>%n%n".formatted(anchor(rule)));
        text.append("## %s%n%n".formatted(entry.title()));
        text.append("Rule %s. The log says:%n%n".formatted(rule));
        for (var phrase : entry.phrases()) text.append("    %s%n".formatted(phrase));
        text.append("%n%s%n".formatted(escaped(entry.meaning())));
        text.append("%n**Repair.** %s%n".formatted(escaped(entry.repair())));
        entry.example().ifPresent(example -> example(text, example));
    }

    private static String escaped(String prose) {
        return prose.replace("<", "\\<").replace("*", "\\*").replace("_", "\\_");
    }

    private static void example(StringBuilder text, RuleText.Example example) {
        text.append("%nA program of type %s".formatted(example.type()));
        if (!example.license().equals("GPL")) {
            text.append(", license %s".formatted(example.license()));
        }
        example.maps().forEach(map -> text.append(", map `%s`".formatted(map)));
        if (example.keepsPointers()) text.append(", verified without the right to leak pointers");
        text.append(", that is refused:%n%n```%n%s%n```%n".formatted(example.refused()));
        text.append("%nRepaired:%n%n```%n%s%n```%n".formatted(example.fixed()));
    }
}
