package io.jsockmap.cli;

import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A terminal that is drawn on: its other screen, without the cursor, keys without Enter. It is left
 * as it was, also by Ctrl-C. Keys and size are stty's business, which every POSIX system has;
 * without it Enter is needed behind a key.
 */
final class Terminal implements AutoCloseable {
    private static final String ENTER = "\u001b[?1049h\u001b[?25l\u001b[?7l";
    private static final String LEAVE = "\u001b[?7h\u001b[?25h\u001b[?1049l";
    private static final String HOME = "\u001b[H";
    private static final String CLEAR_LINE = "\u001b[K";
    private static final String CLEAR_BELOW = "\u001b[J";
    private static final Size USUAL = new Size(24, 80);

    /** Rows and columns. */
    record Size(int rows, int columns) {}

    private final PrintWriter out;

    /** As stty prints it; empty where there is no stty. */
    private final String settings;

    private final Thread hook = new Thread(this::restore);
    private boolean restored;

    private Terminal(PrintWriter out) {
        this.out = out;
        settings = stty("-g").strip();
    }

    /** Whether output goes to a terminal, and keys come from one. */
    static boolean isThere() {
        // Which kinds of Java give a console that is no terminal, and which none, has changed
        // often.
        boolean isTerminal =
                Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
        return isTerminal && !"dumb".equals(System.getenv("TERM"));
    }

    static Terminal open(PrintWriter out) {
        var terminal = new Terminal(out);
        Runtime.getRuntime().addShutdownHook(terminal.hook);
        stty("-icanon", "-echo", "min", "1");
        terminal.write(ENTER);
        return terminal;
    }

    /** Calls back once q is pressed, or no key can come any more. */
    void onQuit(Runnable quit) {
        Thread.ofPlatform()
                .daemon()
                .name("keys")
                .start(
                        () -> {
                            awaitQ();
                            quit.run();
                        });
    }

    private static void awaitQ() {
        try {
            int key;
            do key = System.in.read();
            while (key >= 0 && key != 'q' && key != 'Q');
        } catch (IOException _) {
            // No key can come any more.
        }
    }

    /** Its size now, which changes with its window. */
    Size size() {
        var numbers = stty("size").strip().split(" ", -1);
        try {
            var size = new Size(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]));
            return size.rows > 0 && size.columns > 0 ? size : USUAL;
        } catch (NumberFormatException | IndexOutOfBoundsException _) {
            return USUAL;
        }
    }

    /** Draws over what was there, without clearing it first, which would flicker. */
    synchronized void draw(List<String> lines) {
        if (restored) return;
        write(HOME + String.join(CLEAR_LINE + "\r\n", lines) + CLEAR_LINE + CLEAR_BELOW);
    }

    private void write(String text) {
        out.print(text);
        out.flush();
    }

    private synchronized void restore() {
        if (restored) return;
        restored = true;
        write(LEAVE);
        if (!settings.isEmpty()) stty(settings);
    }

    @Override
    public void close() {
        restore();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // The process ends already, and the hook finds nothing to do.
        }
    }

    /** What stty prints; empty if it can't be asked. */
    private static String stty(String... arguments) {
        try {
            var command = new ArrayList<>(List.of("stty"));
            command.addAll(List.of(arguments));
            var process =
                    new ProcessBuilder(command)
                            .redirectInput(ProcessBuilder.Redirect.INHERIT)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            var printed =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return process.waitFor(1, TimeUnit.SECONDS) && process.exitValue() == 0 ? printed : "";
        } catch (IOException _) {
            return "";
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
