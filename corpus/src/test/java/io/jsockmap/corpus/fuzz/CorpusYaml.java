package io.jsockmap.corpus.fuzz;

import java.util.Optional;
import java.util.stream.Collectors;

/** Programs as cases of the corpus. */
final class CorpusYaml {
    private CorpusYaml() {}

    /**
     * A case.
     *
     * @param refusal what the kernel says, if it refuses the program
     */
    static String of(String name, Draft draft, Optional<String> refusal, String why) {
        var text = new StringBuilder("- name: %s\n".formatted(quoted(name)));
        text.append("  type: ").append(draft.type().name()).append('\n');
        if (!draft.maps().isEmpty()) {
            var maps =
                    draft.maps().stream()
                            .map(map -> "%s: \"%s\"".formatted(map.label(), map.text()))
                            .collect(Collectors.joining(", ", "{", "}"));
            text.append("  maps: ").append(maps).append('\n');
        }
        text.append("  code: |\n").append(draft.text().indent(4));
        text.append("  expect: ").append(refusal.isEmpty() ? "accepted" : "refused").append('\n');
        refusal.ifPresent(r -> text.append("  message: ").append(quoted(r)).append('\n'));
        return text.append("  why: ").append(quoted(why)).append('\n').toString();
    }

    private static String quoted(String text) {
        return "\"%s\"".formatted(text.replace("\\", "\\\\").replace("\"", "\\\""));
    }
}
