package io.jsockmap.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/** {@code jsockmap generate-man}: the manual pages. */
@Command(
        name = "generate-man",
        description = "Writes a manual page for each command into a folder.",
        mixinStandardHelpOptions = true,
        hidden = true,
        footerHeading = "%nExamples:%n",
        footer = {"  jsockmap generate-man ~/.local/share/man/man1", "  man jsockmap-test"})
final class ManCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "FOLDER", description = "where to write them; it is made if need be")
    private Path folder;

    @Override
    public Integer call() throws IOException {
        Files.createDirectories(folder);
        int written = write(spec.root().commandLine());
        spec.commandLine().getOut().printf("%d pages in %s%n", written, folder);
        return ExitCode.OK;
    }

    private int write(CommandLine command) throws IOException {
        Files.writeString(folder.resolve(ManPage.name(command) + ".1"), ManPage.of(command));
        int written = 1;
        for (var subcommand : command.getSubcommands().values()) {
            if (!subcommand.getCommandSpec().usageMessage().hidden()) written += write(subcommand);
        }
        return written;
    }
}
