package io.jsockmap.cli;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.core.TypesFile;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.bpf.object.ObjectReader;
import io.jsockmap.bpf.object.ObjectSpec;
import io.jsockmap.sockmap.SockmapEngine;
import io.jsockmap.sockmap.SockmapObject;
import io.jsockmap.sockmap.key.Connection;
import io.jsockmap.sockmap.key.KeyNotation;
import io.jsockmap.sockmap.program.SocketPrograms;

import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The options that say which object is loaded, and what is changed before. */
sealed class LoadingOptions permits ObjectOptions, LoadingOptions.Only {
    /** These options and no others. */
    static final class Only extends LoadingOptions {}

    static final Pattern ELEMENT = Pattern.compile("([\\w.]+)\\[(.*)]=(.*)");
    private static final Pattern VARIABLE = Pattern.compile("(\\w+)=(.*)");

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

    /** Loads the object; its programs are verified. */
    final SockmapObject loadVerified(SockmapEngine engine) {
        var spec = ObjectReader.read(file);
        return engine.load(spec, loadOptions(spec));
    }

    /** Loads the object, also with programs that are to be refused. */
    final SockmapObject loadUnverified(SockmapEngine engine) {
        var spec = ObjectReader.read(file);
        return engine.load(spec, loadOptions(spec).unverified());
    }

    /** The types that programs were given, by name. */
    Map<String, String> types() {
        return types;
    }

    /** What is set: variables, and elements of maps. */
    List<String> settings() {
        return settings;
    }

    private LoadOptions loadOptions(ObjectSpec spec) {
        var options = LoadOptions.DEFAULT;
        for (var type : types.entrySet()) {
            var meaning =
                    SocketPrograms.ofSection(type.getValue())
                            .orElseThrow(
                                    () ->
                                            new BpfException(
                                                    Errno.EINVAL,
                                                    "--type %s=%s: no type of program is called so"
                                                            .formatted(
                                                                    type.getKey(),
                                                                    type.getValue())));
            options = options.withType(type.getKey(), meaning.type());
        }
        for (var size : maxEntries.entrySet()) {
            options = options.withMaxEntries(size.getKey(), size.getValue());
        }
        for (var program : skipped) options = options.without(program);
        if (targetTypes.isPresent()) {
            options = options.withTargetTypes(TypesFile.read(targetTypes.get()));
        }
        for (var setting : settings) {
            if (ELEMENT.matcher(setting).matches()) continue;
            options = setVariable(options, spec, setting);
        }
        return options;
    }

    private static LoadOptions setVariable(LoadOptions options, ObjectSpec spec, String setting) {
        var parts = parts(VARIABLE, "--set", setting, "NAME=VALUE or MAP[KEY]=VALUE");
        var name = parts.group(1);
        var variable =
                spec.variables().stream()
                        .filter(v -> v.name().equals(name))
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        new BpfException(
                                                Errno.ENOENT,
                                                "--set %s: %s has no variable %s"
                                                        .formatted(setting, spec.name(), name)));
        var value =
                KeyNotation.parse(parts.group(2))
                        .bytes(spec.btf(), variable.type(), variable.size(), Connection.NONE);
        return options.withVariable(name, value);
    }

    static Matcher parts(Pattern pattern, String option, String text, String form) {
        var matcher = pattern.matcher(text);
        if (matcher.matches()) return matcher;
        throw new BpfException(Errno.EINVAL, "%s %s: expected %s".formatted(option, text, form));
    }
}
