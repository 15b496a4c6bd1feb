package io.jsockmap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Texts that somebody has read and found right; a change of them is reviewed as a diff. */
final class Approved {
    private static final Path FOLDER = Outcome.ROOT.resolve("cli/src/test/resources/approved");
    private static final Path RECEIVED = Outcome.ROOT.resolve("cli/target/received");

    private Approved() {}

    /**
     * If it is not as approved, the text lies in cli/target/received, to be looked at and copied.
     */
    static void check(String name, String text) throws IOException {
        var approved = FOLDER.resolve(name + ".txt");
        var known = Files.exists(approved) ? Files.readString(approved) : "";
        if (!known.equals(text)) {
            Files.createDirectories(RECEIVED);
            Files.writeString(RECEIVED.resolve(name + ".txt"), text);
        }
        assertThat(text)
                .as("%s; if the new text is right: cp %s/%s.txt %s", name, RECEIVED, name, FOLDER)
                .isEqualTo(known);
    }
}
