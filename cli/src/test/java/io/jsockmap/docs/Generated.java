package io.jsockmap.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Pages of the docs that are made of the code's own tables. */
final class Generated {
    private static final Path ROOT = Path.of(System.getProperty("jsockmap.root", ".."));

    private Generated() {}

    /**
     * Expects a page to say what the code says. If it does not, the new one lies in
     * cli/target/received.
     *
     * @param name from the folder docs
     */
    static void check(String name, String current) throws IOException {
        var page = ROOT.resolve("docs").resolve(name);
        var known = Files.exists(page) ? Files.readString(page) : "";
        var received = ROOT.resolve("cli/target/received").resolve(name);
        if (!current.equals(known)) {
            Files.createDirectories(received.getParent());
            Files.writeString(received, current);
        }
        assertThat(known).as("the code has changed: cp %s %s", received, page).isEqualTo(current);
    }
}
