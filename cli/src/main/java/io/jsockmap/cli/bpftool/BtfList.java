package io.jsockmap.cli.bpftool;

import com.google.gson.JsonElement;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;

/** {@code jsockmap btf list}. */
@Command(
        name = "list",
        aliases = "show",
        description = "Shows whose types there are.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class BtfList implements Callable<Integer> {
    @Mixin private Asking asking;

    @Override
    public Integer call() throws IOException {
        return list(asking);
    }

    static int list(Asking asking) throws IOException {
        return asking.ask(Requests.of("btf list"), BtfList::print);
    }

    private static void print(JsonElement all, PrintWriter out) {
        for (var element : all.getAsJsonArray()) {
            var types = new Fields(element);
            out.printf(
                    "%s: name %s  size %sB  prog_ids %s  map_ids %s%n",
                    types.text("id"),
                    types.text("name"),
                    types.text("size"),
                    types.joined("prog_ids"),
                    types.joined("map_ids"));
        }
    }
}
