package io.jsockmap.cli.bpftool;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;

/** {@code jsockmap map lookup}. */
@Command(
        name = "lookup",
        description = "Prints the element of a key.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class MapLookup implements Callable<Integer> {
    @Mixin private Asking asking;
    @Mixin private MapKey key;

    @Override
    public Integer call() throws IOException {
        var request = key.request("map lookup");
        var found = new AtomicBoolean();
        int code =
                asking.print(
                        () -> {
                            var element = asking.answer(request);
                            found.set(!element.isJsonNull());
                            return element;
                        },
                        ElementText::one);
        return found.get() ? code : ExitCode.SOFTWARE;
    }
}
