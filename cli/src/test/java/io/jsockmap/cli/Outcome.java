package io.jsockmap.cli;

import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * What a command did, run in this process as a shell would have run it.
 *
 * @param code its exit code
 * @param out what it printed
 * @param err what it complained about
 */
record Outcome(int code, String out, String err) {
    static final Path ROOT = Path.of(System.getProperty("jsockmap.root", ".."));

    static Outcome of(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code =
                Main.commandLine()
                        .setDefaultValueProvider(Engines::byDefault)
                        .setColorScheme(Help.defaultColorScheme(Ansi.OFF))
                        .setOut(new PrintWriter(out))
                        .setErr(new PrintWriter(err))
                        .execute(arguments);
        return new Outcome(code, out.toString(), err.toString());
    }

    /** With something on standard input. */
    static Outcome withInput(String input, String... arguments) {
        var before = System.in;
        System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.US_ASCII)));
        try {
            return of(arguments);
        } finally {
            System.setIn(before);
        }
    }

    /** The path of an example's object. */
    static String example(String name) {
        return ROOT.resolve("examples/%s/%1$s.bpf.o".formatted(name)).toString();
    }
}
