package io.jsockmap.cli.bpftool;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Mixin;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code jsockmap map}: the maps of a run. */
@Command(
        name = "map",
        description = "Shows the maps of a run and changes them, as bpftool map does.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        subcommands = {
            MapList.class,
            MapDump.class,
            MapLookup.class,
            MapUpdate.class,
            MapDelete.class,
            MapGetNext.class,
            HelpCommand.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  jsockmap map list",
            "  jsockmap map dump name sockets",
            "  jsockmap map lookup allowed_ports key 443",
            "  jsockmap map update name allowed_ports key 0xbb 0x01 0 0 value 1",
            "  jsockmap map delete backends key '{address=htonl(0x7f000001), port=80}'",
            "",
            "MAP is id N, name NAME, or a name. DATA is a byte a word (0x01 0 0 0, or",
            "hex 01 00 00 00), or the notation of run --insert, by the object's types:",
            "1, {field=1}, \"text\"."
        })
public final class MapCommand implements Callable<Integer> {
    @Mixin private Asking asking;

    @Override
    public Integer call() throws IOException {
        return MapList.list(asking, List.of());
    }
}
