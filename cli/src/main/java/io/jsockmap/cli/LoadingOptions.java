package io.jsockmap.cli;

import io.jsockmap.bpf.object.ObjectReader;
import io.jsockmap.bpf.object.ObjectSpec;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.setup.ObjectSetup;

import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The options that say which object is loaded, and what is changed before. */
sealed class LoadingOptions permits ObjectOptions, LoadingOptions.Only {
    /** These options and no others. */
    static final class Only extends LoadingOptions {}

    @Parameters(
            paramLabel = "OBJECT",
            description = "the object file, compiled by clang -target bpf")
    private Path file;

    @Option(
            names = "--type",
            paramLabel = "PROGRAM=SECTION",
            description = {
                "the type of a program whose section does not tell it: sk_msg, sk_skb, sockops,",
                "sk_skb/stream_parser, sk_skb/stream_verdict, sk_skb/verdict"
            })
    private Map<String, String> types = Map.of();

    @Option(names = "--skip", paramLabel = "PROGRAM", description = "a program that is not loaded")
    private List<String> skipped = List.of();

    @Option(names = "--max-entries", paramLabel = "MAP=N", description = "another size of a map")
    private Map<String, Long> maxEntries = Map.of();

    @Option(
            names = "--btf",
            paramLabel = "FILE",
            description = {
                "the kernel's types, for programs that look into",
                "its structures (CO-RE): /sys/kernel/btf/vmlinux,",
                "or an ELF file with a section .BTF"
            })
    private Optional<Path> targetTypes = Optional.empty();

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = {
                "a global variable's value, or an element of a map: MAP[KEY]=VALUE;",
                "in a map of programs the value is a program's name"
            })
    private List<String> settings = List.of();

    /** Loads the object, also with programs that are to be refused. */
    final UserObject loadUnverified(UserEngine engine) {
        var spec = spec();
        return engine.load(spec, setup(List.of()).loadOptions(spec).unverified());
    }

    /** The object file. */
    final Path file() {
        return file;
    }

    final ObjectSpec spec() {
        return ObjectReader.read(file);
    }

    /** What is set: variables, and elements of maps. */
    final List<String> settings() {
        return settings;
    }

    /**
     * What was said of the object.
     *
     * @param attachments where programs go, where they do not go where their sections say
     */
    final ObjectSetup setup(List<String> attachments) {
        return new ObjectSetup(types, skipped, maxEntries, targetTypes, settings, attachments);
    }
}
