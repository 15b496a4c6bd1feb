package io.jsockmap.spring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Policies of the http-policy example, for whatever port a test's server listens on. */
final class Policies {
    static final Path OBJECT =
            Path.of(System.getProperty("jsockmap.root", ".."))
                    .resolve("examples/http-policy/http-policy.bpf.o")
                    .toAbsolutePath()
                    .normalize();

    /** Judges what all sockets receive that are accepted. */
    static final String JUDGING =
            """
            name: gateway
            object: %s
            sockets: {accepted: all}
            attach: [parse=clients, judge=clients]
            insert: ["clients[cookie]=accepted"]
            """;

    /** Puts no socket into a map, so that none is judged. */
    static final String PERMISSIVE =
            """
            name: gateway
            object: %s
            sockets: {accepted: all}
            attach: [parse=clients, judge=clients]
            """;

    private Policies() {}

    /** Writes a policy into a folder, whose object stays where it is. */
    static Path write(Path folder, String policy) {
        return write(folder, policy, OBJECT.toString());
    }

    static Path write(Path folder, String policy, String object) {
        try {
            return Files.writeString(folder.resolve("policy.yaml"), policy.formatted(object));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
