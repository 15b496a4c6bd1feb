package io.jsockmap.bench.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.jsockmap.bench.FreshJvm;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Scanner;

/**
 * A server in a JVM of its own, as its users have it: beside others the compiler would see all
 * their kinds of sockets where there is one.
 */
final class ServerProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;
    private final Writer questions;
    private final InetSocketAddress address;

    private ServerProcess(Process process) throws IOException {
        this.process = process;
        answers = process.inputReader(US_ASCII);
        questions = process.outputWriter(US_ASCII);
        address = new InetSocketAddress(InetAddress.getLoopbackAddress(), (int) answer());
    }

    static ServerProcess start(Setup setup) throws IOException {
        var options =
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "-Djsockmap.root=" + System.getProperty("jsockmap.root", ".."));
        return new ServerProcess(
                FreshJvm.start(options, ServerProcess.class, List.of(setup.name())));
    }

    /** Says where the server is, and with each line what time it has taken. */
    static void main(String[] arguments) throws IOException {
        try (var server = Setup.valueOf(arguments[0]).open()) {
            IO.println(server.address().getPort());
            var questions = new Scanner(System.in, US_ASCII);
            while (questions.hasNextLine()) {
                questions.nextLine();
                IO.println(server.cpuTime());
            }
        }
    }

    private long answer() throws IOException {
        var line = answers.readLine();
        if (line == null) throw new IOException("the server has ended");
        return Long.parseLong(line);
    }

    InetSocketAddress address() {
        return address;
    }

    /** What its event loop has taken of a CPU so far, in nanoseconds. */
    long cpuTime() throws IOException {
        questions.write('\n');
        questions.flush();
        return answer();
    }

    @Override
    public void close() {
        process.destroy();
    }
}
