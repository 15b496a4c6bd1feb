package io.jsockmap.cli.bpftool;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.io.IOException;
import java.util.concurrent.Callable;

/** {@code jsockmap map delete}. */
@Command(
        name = "delete",
        description = "Takes a key out of a map.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class MapDelete implements Callable<Integer> {
    @Mixin private Asking asking;
    @Mixin private MapKey key;

    @Override
    public Integer call() throws IOException {
        return asking.ask(key.request("map delete"), (_, _) -> {});
    }
}
