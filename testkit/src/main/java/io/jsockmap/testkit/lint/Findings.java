package io.jsockmap.testkit.lint;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Collects what is found. The same of the same line of a program is said once. */
final class Findings {
    private final List<Finding> all = new ArrayList<>();
    private final Set<String> said = new HashSet<>();

    /** About an instruction, repaired in the usual way of the rule. */
    void add(Rule rule, Severity severity, Subject subject, int slot, String why) {
        add(rule, severity, subject, slot, why, rule.fix());
    }

    void add(Rule rule, Severity severity, Subject subject, int slot, String why, String fix) {
        var program = subject.program();
        var line = program.lineOf(slot);
        var place = line.map(l -> l.file() + ":" + l.line()).orElse("slot " + slot);
        if (!said.add("%s %s %s".formatted(rule, program.name(), place))) return;
        all.add(
                new Finding(
                        rule,
                        severity,
                        Optional.of(program.name()),
                        OptionalInt.of(slot),
                        line,
                        why,
                        fix));
    }

    /** About an object as a whole. */
    void add(Rule rule, Severity severity, String why) {
        all.add(
                new Finding(
                        rule,
                        severity,
                        Optional.empty(),
                        OptionalInt.empty(),
                        Optional.empty(),
                        why,
                        rule.fix()));
    }

    List<Finding> all() {
        return List.copyOf(all);
    }
}
