package io.jsockmap.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Outputs that a person has looked at and found right. */
public final class Approved {
    private static final Path MODULE =
            Path.of(System.getProperty("jsockmap.root", "..")).resolve("testkit");

    private Approved() {}

    /** Compares with what was approved under a name; what is different is left beside it. */
    public static void check(String name, String text) throws IOException {
        var approved = MODULE.resolve("src/test/resources/approved").resolve(name);
        var received = MODULE.resolve("target/received").resolve(name);
        Files.createDirectories(received.getParent());
        Files.writeString(received, text);
        assertThat(text)
                .as("if the new text is right: cp %s %s", received, approved)
                .isEqualTo(Files.exists(approved) ? Files.readString(approved) : "");
    }
}
