package io.jsockmap.cli;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.cli.bpftool.BtfCommand;
import io.jsockmap.cli.bpftool.LinkCommand;
import io.jsockmap.cli.bpftool.MapCommand;
import io.jsockmap.cli.bpftool.OutputOptions;
import io.jsockmap.cli.bpftool.ProgCommand;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

import java.io.IOException;
import java.util.Locale;

/** The command {@code jsockmap}. */
@Command(
        name = "jsockmap",
        description = "Runs Linux sockmap programs on live sockets: no root, no kernel BPF.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        subcommands = {
            DemoCommand.class,
            DoctorCommand.class,
            RunCommand.class,
            TestCommand.class,
            TopCommand.class,
            TraceCommand.class,
            DebugCommand.class,
            VerifyCommand.class,
            LintCommand.class,
            PolicyCommand.class,
            DisasmCommand.class,
            ExecCommand.class,
            ProgCommand.class,
            MapCommand.class,
            LinkCommand.class,
            BtfCommand.class,
            AutoComplete.GenerateCompletion.class,
            ManCommand.class,
            CommandLine.HelpCommand.class
        },
        footerHeading = "%nExit codes:%n",
        footer = {
            "  0  done",
            "  1  it could not be done: a file, an address or a program was refused",
            "  2  the command line was not understood",
            "",
            "Start with: ./jsockmap demo"
        })
final class Main {
    /** In front of a command, where bpftool has them too. */
    @Mixin(name = "output")
    OutputOptions output;

    private Main() {}

    public static void main(String[] arguments) {
        // One plain line for each message of the log.
        System.setProperty("java.util.logging.SimpleFormatter.format", "%4$s: %5$s%n");
        // Numbers are for programs and their authors, not for a place.
        Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        var main = new CommandLine(new Main());
        // It runs a program here, and asks nobody.
        main.getSubcommands().get("prog").addSubcommand("run", new ProgRunCommand());
        main.getSubcommands()
                .get("generate-completion")
                .getCommandSpec()
                .usageMessage()
                .hidden(true);
        return main.setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionStrategy(Main::execute)
                .setParameterExceptionHandler(Main::misunderstood)
                .setExecutionExceptionHandler(Main::failed);
    }

    /** Runs the command that was named last; what it has printed is seen, however it ended. */
    private static int execute(ParseResult given) {
        checkOutput(given);
        try {
            return new RunLast().execute(given);
        } finally {
            given.commandSpec().commandLine().getOut().flush();
        }
    }

    /** What would be of no effect is a mistake. */
    private static void checkOutput(ParseResult given) {
        boolean wanted = given.hasMatchedOption("--json") || given.hasMatchedOption("--pretty");
        if (!wanted || !given.hasSubcommand()) return;
        var last = given;
        while (last.hasSubcommand()) last = last.subcommand();
        if (OutputOptions.areReadBy(last.commandSpec())) return;
        throw Mistake.of(
                last.commandSpec(),
                "%s does not read --json and --pretty in front of a command: prog, map, link and"
                        + " btf do",
                last.commandSpec().qualifiedName());
    }

    private static int misunderstood(ParameterException e, String[] arguments) {
        var command = e.getCommandLine();
        var err = command.getErr();
        err.println(command.getColorScheme().errorText("jsockmap: " + e.getMessage()));
        err.println("Try: %s --help".formatted(command.getCommandSpec().qualifiedName()));
        return ExitCode.USAGE;
    }

    /** A user's mistake gets a line; only a mistake of ours gets a stack trace. */
    private static int failed(Exception e, CommandLine command, ParseResult result)
            throws Exception {
        if (!(e instanceof BpfException) && !(e instanceof IOException)) throw e;
        command.getErr().println(command.getColorScheme().errorText("jsockmap: " + e.getMessage()));
        return ExitCode.SOFTWARE;
    }

    /** The version that the build gave. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            var version = Main.class.getModule().getDescriptor();
            var text =
                    version == null
                            ? "in development"
                            : version.rawVersion().orElse("in development");
            return new String[] {
                "jsockmap " + text, "Java " + Runtime.version(), System.getProperty("os.name")
            };
        }
    }
}
