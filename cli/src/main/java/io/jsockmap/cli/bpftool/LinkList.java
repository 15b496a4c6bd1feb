package io.jsockmap.cli.bpftool;

import com.google.gson.JsonElement;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;

/** {@code jsockmap link list}. */
@Command(
        name = "list",
        aliases = "show",
        description = "Shows which program is attached to which map, and as what.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class LinkList implements Callable<Integer> {
    @Mixin private Asking asking;

    @Override
    public Integer call() throws IOException {
        return list(asking);
    }

    static int list(Asking asking) throws IOException {
        return asking.ask(Requests.of("link list"), LinkList::print);
    }

    private static void print(JsonElement links, PrintWriter out) {
        for (var element : links.getAsJsonArray()) {
            var link = new Fields(element);
            out.printf(
                    "%s: %s  prog %s (%s)%n\t%s  attach_type %s (%s)%n",
                    link.text("id"),
                    link.text("type"),
                    link.text("prog_id"),
                    link.text("prog_name"),
                    link.has("map_id")
                            ? "map_id %s (%s)".formatted(link.text("map_id"), link.text("map_name"))
                            : "scope " + link.text("scope"),
                    link.text("attach_type"),
                    link.text("attach_type_older"));
        }
    }
}
