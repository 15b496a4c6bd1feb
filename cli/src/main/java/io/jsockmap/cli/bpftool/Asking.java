package io.jsockmap.cli.bpftool;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.interpreter.Interpreter;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.bpf.object.ObjectReader;
import io.jsockmap.control.Control;
import io.jsockmap.control.ControlClient;
import io.jsockmap.control.ControlFolder;
import io.jsockmap.control.LocalControl;
import io.jsockmap.control.inventory.EngineInventory;
import io.jsockmap.kernel.engine.KernelEngine;
import io.jsockmap.sockmap.UserEngine;

import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The options that say who is asked, and how the answer is printed. */
final class Asking {
    /** The name under which the command line as such has its {@link OutputOptions}. */
    private static final String OUTPUT = "output";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--control",
            paramLabel = "PATH",
            description = "the control socket of a run; by default the only one there is")
    private Optional<Path> socket = Optional.empty();

    @Option(
            names = "--object",
            paramLabel = "FILE",
            description = "no run, but what this object file would bring")
    private Optional<Path> file = Optional.empty();

    @Option(
            names = "--kernel",
            description = "no run, but the running kernel: what it has, whoever made it")
    private boolean kernel;

    @Mixin private OutputOptions output = new OutputOptions();

    /** Prints a result for people. */
    interface Text {
        void print(JsonElement result, PrintWriter out);
    }

    /** Asks, prints the answer, and gives the exit code. */
    int ask(JsonObject request, Text text) throws IOException {
        return print(() -> answer(request), text);
    }

    /** What gives a result. */
    interface Source {
        JsonElement result() throws IOException;
    }

    /** Prints a result from anywhere, as JSON or as text. */
    int print(Source source, Text text) throws IOException {
        var out = spec.commandLine().getOut();
        if (!json()) {
            text.print(source.result(), out);
            return ExitCode.OK;
        }
        try {
            out.println(new BpftoolJson(pretty()).print(source.result()));
            return ExitCode.OK;
        } catch (BpfException | IOException e) {
            // As bpftool has it: who reads JSON finds the error where the result would be.
            var error = new JsonObject();
            error.addProperty("error", e.getMessage());
            out.println(new BpftoolJson(pretty()).print(error));
            return ExitCode.SOFTWARE;
        }
    }

    JsonElement answer(JsonObject request) throws IOException {
        if (kernel) return answerOfKernel(request);
        if (file.isPresent()) return answerOf(file.get(), request);
        try (var control = connect()) {
            return control.ask(request);
        }
    }

    private Control connect() throws IOException {
        return socket.isPresent()
                ? ControlClient.connect(socket.get())
                : ControlFolder.ofUser().only();
    }

    /** Nothing runs and nothing is verified: the programs are only there to be looked at. */
    private static JsonElement answerOf(Path file, JsonObject request) throws IOException {
        var settings = UserEngine.Settings.DEFAULT.with(new Interpreter());
        try (var engine = UserEngine.open(settings);
                var object =
                        engine.load(ObjectReader.read(file), LoadOptions.DEFAULT.unverified());
                var control = new LocalControl(new EngineInventory(engine, List.of(object)))) {
            return control.ask(request);
        }
    }

    private static JsonElement answerOfKernel(JsonObject request) throws IOException {
        try (var engine = KernelEngine.open();
                var control = new LocalControl(new KernelInventory(engine))) {
            return control.ask(request);
        }
    }

    /** Whether JSON is wanted. */
    boolean json() {
        return output.json() || ofAll().json();
    }

    private boolean pretty() {
        return output.pretty() || ofAll().pretty();
    }

    /** What stands in front of the first command: {@code jsockmap -j prog list}. */
    private OutputOptions ofAll() {
        var mixin = spec.root().mixins().get(OUTPUT);
        return mixin != null && mixin.userObject() instanceof OutputOptions options
                ? options
                : new OutputOptions();
    }
}
