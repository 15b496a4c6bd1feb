package io.jsockmap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The commands that the docs have, run as they stand there; only ports are others. */
@DisplayName("commands of the docs")
class DocCommandsTest {
    private static final Set<String> SERVE = Set.of("run", "trace");
    private static final Set<String> PORTS = Set.of("--listen", "--http", "--port");
    private static final int SIGTERM_EXIT = 128 + 15;

    /** Other tests run it. */
    private static final String DEMO = "demo";

    @TempDir private Path folder;

    private static Stream<DocCommand> ending() throws IOException {
        return DocCommand.all()
                .filter(c -> !c.asks() && !SERVE.contains(c.name()) && !c.name().equals(DEMO));
    }

    private static Stream<DocCommand> serving() throws IOException {
        return DocCommand.all().filter(c -> SERVE.contains(c.name()));
    }

    @Test
    void thereAreMany() throws IOException {
        assertThat(DocCommand.all()).hasSizeGreaterThan(25);
        assertThat(serving()).hasSizeGreaterThan(4);
    }

    @ParameterizedTest
    @MethodSource("ending")
    void whatEndsDoesWhatItSays(DocCommand command) throws Exception {
        if (command.words().contains("--port")) {
            anEditorConnectsAndLeaves(command);
            return;
        }
        var outcome = Outcome.withInput("quit\n", words(command));
        boolean finds =
                command.toString().contains("naive-http") && !command.name().equals("debug");
        assertThat(outcome.code())
                .as("%s%n%s", outcome.out(), outcome.err())
                .isEqualTo(finds ? 1 : 0);
    }

    private void anEditorConnectsAndLeaves(DocCommand command) throws Exception {
        try (var served = ChildCommand.start(folder, words(command))) {
            new Socket(InetAddress.getLoopbackAddress(), served.port()).close();
            assertThat(served.exitCode()).isZero();
        }
    }

    /** What else the page says is asked of it. */
    @ParameterizedTest
    @MethodSource("serving")
    void whatServesIsAskedAndAccountsForEveryByte(DocCommand command) throws Exception {
        try (var served = ChildCommand.start(folder, words(command))) {
            int port = served.port();
            if (command.name().equals("run")) {
                var line = served.linesTo("control socket ").getLast();
                ask(command.page(), port, line.substring("control socket ".length()));
            }
            // Who hears the keyboard hears of the end too.
            served.pressEnter();
            served.linesTo("every byte accounted for");
            served.terminate();
            served.linesTo("every byte accounted for");
            assertThat(served.exitCode()).isEqualTo(SIGTERM_EXIT);
        }
    }

    private void ask(String page, int port, String control) throws Exception {
        for (var question : DocCommand.typed(page).filter(DocCommand::asks).toList()) {
            assertThat(asked(question, control).code()).as(question.toString()).isZero();
        }
        var shown = DocCommand.shown(page).filter(DocCommand::asks).toList();
        if (shown.isEmpty()) return;
        try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            awaitConnection(control);
            for (var question : shown) {
                var outcome = asked(question, control);
                assertThat(withoutPorts(outcome.out() + outcome.err()))
                        .as(question.toString())
                        .isEqualTo(withoutPorts(question.answer()));
            }
        }
    }

    private Outcome asked(DocCommand question, String control) {
        var words = new ArrayList<>(question.placed(folder));
        if (!words.contains("--object")) words.addAll(List.of("--control", control));
        return Outcome.of(words.toArray(String[]::new));
    }

    private static void awaitConnection(String control) {
        boolean isThere = false;
        while (!isThere) {
            var sockets = Outcome.of("map", "dump", "sockets", "--control", control);
            assertThat(sockets.code()).as(sockets.err()).isZero();
            isThere = sockets.out().contains("ESTABLISHED");
        }
    }

    private static String withoutPorts(String text) {
        return text.replaceAll("127\\.0\\.0\\.1:\\d+", "127.0.0.1:PORT");
    }

    /** As typed, with ports that nobody else has. */
    private String[] words(DocCommand command) {
        List<String> words = new ArrayList<>();
        for (var word : command.placed(folder)) {
            boolean isPort = !words.isEmpty() && PORTS.contains(words.getLast());
            words.add(isPort ? word.replaceFirst("\\d+$", "0") : word);
        }
        return words.toArray(String[]::new);
    }
}
