package io.jsockmap.cli;

import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A command's manual page, in the macros of man(7), made of what its help says. */
final class ManPage {
    private final CommandSpec command;
    private final StringBuilder text = new StringBuilder();

    private ManPage(CommandSpec command) {
        this.command = command;
    }

    /** The page of a command. */
    static String of(CommandLine command) {
        return new ManPage(command.getCommandSpec()).write();
    }

    /** What the page is called: {@code jsockmap-prog-run}. */
    static String name(CommandLine command) {
        return command.getCommandSpec().qualifiedName("-");
    }

    private String write() {
        var name = command.qualifiedName("-");
        macro("TH", name.toUpperCase(Locale.ROOT), "1", "", "jsockmap", "jsockmap manual");
        macro("SH", "NAME");
        plain(name + " \\- " + escaped(firstSentence()), false);
        macro("SH", "SYNOPSIS");
        macro("nf");
        plain(command.commandLine().getHelp().fullSynopsis().strip(), true);
        macro("fi");
        section("DESCRIPTION", description(), false);
        arguments();
        subcommands();
        var footer = command.usageMessage().footer();
        if (footer.length > 0) section(footerTitle(), List.of(footer), true);
        seeAlso();
        return text.toString();
    }

    private String firstSentence() {
        var all = String.join(" ", description());
        int end = all.indexOf(". ");
        var sentence = end < 0 ? all : all.substring(0, end);
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }

    private List<String> description() {
        return Arrays.stream(command.usageMessage().description())
                .map(ManPage::unformatted)
                .toList();
    }

    /** picocli takes a % of its texts for a format. */
    private static String unformatted(String line) {
        return line.replace("%%", "%").replace("%n", "");
    }

    private String footerTitle() {
        var title = unformatted(command.usageMessage().footerHeading()).replace(":", "").strip();
        return title.isEmpty() ? "NOTES" : title.toUpperCase(Locale.ROOT);
    }

    private void arguments() {
        List<ArgSpec> arguments = new ArrayList<>(command.positionalParameters());
        arguments.addAll(command.options());
        arguments.removeIf(ArgSpec::hidden);
        if (arguments.isEmpty()) return;
        macro("SH", "OPTIONS");
        for (var argument : arguments) {
            macro("TP");
            plain("\\fB" + escaped(title(argument)) + "\\fR", false);
            for (var line : argument.description()) plain(unformatted(line), true);
        }
    }

    private static String title(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option)) return argument.paramLabel();
        var names = String.join(", ", option.names());
        return option.arity().max() == 0 ? names : names + " " + option.paramLabel();
    }

    private void subcommands() {
        var subcommands = command.subcommands();
        if (subcommands.isEmpty()) return;
        macro("SH", "COMMANDS");
        subcommands.forEach(
                (name, subcommand) -> {
                    if (subcommand.getCommandSpec().usageMessage().hidden()) return;
                    macro("TP");
                    plain("\\fB" + escaped(name) + "\\fR", false);
                    plain(new ManPage(subcommand.getCommandSpec()).firstSentence(), true);
                });
    }

    private void seeAlso() {
        List<String> pages = new ArrayList<>();
        if (command.parent() != null) pages.add(command.parent().qualifiedName("-"));
        command.subcommands().values().stream()
                .filter(subcommand -> !subcommand.getCommandSpec().usageMessage().hidden())
                .map(ManPage::name)
                .forEach(pages::add);
        if (pages.isEmpty()) return;
        macro("SH", "SEE ALSO");
        plain(
                pages.stream()
                        .map(page -> "\\fB%s\\fR(1)".formatted(escaped(page)))
                        .collect(Collectors.joining(", ")),
                false);
    }

    private void section(String title, List<String> lines, boolean asTheyAre) {
        macro("SH", title);
        if (asTheyAre) macro("nf");
        for (var line : lines) plain(unformatted(line), true);
        if (asTheyAre) macro("fi");
    }

    private void macro(String name, String... arguments) {
        text.append('.').append(name);
        for (var argument : arguments) text.append(" \"").append(escaped(argument)).append('"');
        text.append('\n');
    }

    /** A line that is no macro, whatever it begins with. */
    private void plain(String line, boolean escape) {
        for (var each : Ansi.OFF.string(line).split("\n", -1)) {
            var safe = escape ? escaped(each) : each;
            text.append(safe.startsWith(".") || safe.startsWith("'") ? "\\&" : "");
            text.append(safe).append('\n');
        }
    }

    private static String escaped(String line) {
        return line.replace("\\", "\\e").replace("-", "\\-");
    }
}
