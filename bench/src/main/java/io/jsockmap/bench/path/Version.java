package io.jsockmap.bench.path;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Which release of a program is installed. */
final class Version {
    private static final Pattern RELEASE = Pattern.compile("\\d+(\\.\\d+)+");

    private Version() {}

    /**
     * Asks a program.
     *
     * @param option which makes it tell
     * @return the first thing that looks like a release, nothing if there is none
     */
    static String of(String program, String option) {
        try {
            var process =
                    new ProcessBuilder(Peer.command(program), option)
                            .redirectErrorStream(true)
                            .start();
            var told =
                    new String(
                            process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            return first(told);
        } catch (IOException _) {
            return "";
        }
    }

    /** The first release in a text. */
    static String first(String text) {
        var release = RELEASE.matcher(text);
        return release.find() ? release.group() : "";
    }
}
