package io.jsockmap.cli;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.core.TypesFile;
import io.jsockmap.bpf.map.IndexKey;
import io.jsockmap.bpf.map.ProgArrayMap;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.bpf.object.ObjectReader;
import io.jsockmap.bpf.object.ObjectSpec;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.proxy.Insertion;
import io.jsockmap.sockmap.SockmapEngine;
import io.jsockmap.sockmap.SockmapObject;
import io.jsockmap.sockmap.key.Connection;
import io.jsockmap.sockmap.key.KeyNotation;
import io.jsockmap.sockmap.program.SocketPrograms;

import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The options that say which object is loaded, and how. */
final class ObjectOptions {
    private static final Pattern ELEMENT = Pattern.compile("([\\w.]+)\\[(.*)]=(.*)");
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

    @Option(
            names = "--attach",
            paramLabel = "PROGRAM=MAP[:ATTACH]",
            description = {
                "the map that a program goes to, and as what: msg_verdict, stream_parser,",
                "stream_verdict, skb_verdict; by default its section's kind, to the only socket map"
            })
    private List<String> attachments = List.of();

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

    @Option(
            names = "--insert",
            paramLabel = "MAP[KEY]=SOCKET",
            description = {
                "which socket of each connection goes into which map: client, upstream,"
                        + " upstream2...",
                "KEY is made of numbers, cookie, slot, family, local_port, remote_port, local_ip4,",
                "remote_ip4, local_ip6, remote_ip6 (of another socket: client.cookie), + - * << >>"
                        + " & |,",
                "htonl() htons(), {field=KEY, ...}, [KEY, ...], \"text\", hex:0a0b"
            })
    private List<String> insertions = List.of();

    /** Loads the object, attaches its programs and sets what is to be set. */
    SockmapObject load(SockmapEngine engine) {
        var spec = ObjectReader.read(file);
        var object = engine.load(spec, loadOptions(spec));
        new Attachments(object, engine, attachments, types).attach();
        for (var setting : settings) setElement(object, setting);
        return object;
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

    private static void setElement(SockmapObject object, String setting) {
        var parts = ELEMENT.matcher(setting);
        if (!parts.matches()) return;
        var map = object.map(parts.group(1));
        var btf = object.spec().btf();
        var key = KeyNotation.parse(parts.group(2)).key(map, btf, Connection.NONE);
        if (map instanceof ProgArrayMap<?>) {
            @SuppressWarnings("unchecked")
            var programs = (ProgArrayMap<Program>) map;
            long index = IndexKey.indexOf(key);
            programs.set(index, object.program(parts.group(3)));
            return;
        }
        var value = KeyNotation.parse(parts.group(3)).value(map, btf, Connection.NONE);
        map.update(key, value, UpdateFlag.ANY);
    }

    /** What goes into which map for each connection. */
    List<Insertion> insertions(SockmapObject object) {
        List<Insertion> all = new ArrayList<>();
        for (var text : insertions) {
            var parts = parts(ELEMENT, "--insert", text, "MAP[KEY]=SOCKET");
            var map = object.socketMap(parts.group(1));
            var key = KeyNotation.parse(parts.group(2));
            all.add(new Insertion(map, object.spec().btf(), key, parts.group(3)));
        }
        boolean bySelf = object.programs().values().stream().anyMatch(Attachments::isSockOps);
        if (all.isEmpty() && !bySelf && !object.socketMaps().isEmpty()) {
            throw nothingInserted(object);
        }
        return all;
    }

    private static BpfException nothingInserted(SockmapObject object) {
        var map = object.socketMaps().getFirst();
        var keys =
                map.keySize() == Long.BYTES
                        ? List.of("client.cookie", "upstream.cookie")
                        : List.of("slot*2", "slot*2+1");
        return new BpfException(
                Errno.EINVAL,
                "no socket would enter map %1$s, so no program would run: add for example --insert '%1$s[%2$s]=client' --insert '%1$s[%3$s]=upstream'"
                        .formatted(map.name(), keys.get(0), keys.get(1)));
    }

    private static Matcher parts(Pattern pattern, String option, String text, String form) {
        var matcher = pattern.matcher(text);
        if (matcher.matches()) return matcher;
        throw new BpfException(Errno.EINVAL, "%s %s: expected %s".formatted(option, text, form));
    }
}
