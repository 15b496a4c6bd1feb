package io.jsockmap.policy.yaml;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;

import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A value of a YAML file that knows where it stands, so that a mistake can be told with its line.
 *
 * @param file where it was read from
 */
public record Yaml(Path file, Node node) {

    /**
     * What stands in a file of YAML.
     *
     * @param megabytes how long it may be
     * @throws BpfException ENOENT if it can't be read, E2BIG, or EINVAL if it is not UTF-8
     */
    public static String textOf(Path file, int megabytes) {
        try {
            if (Files.size(file) > (long) megabytes << 20) {
                throw new BpfException(
                        Errno.E2BIG, "%s: longer than %d MiB".formatted(file, megabytes));
            }
            return Files.readString(file);
        } catch (MalformedInputException _) {
            throw new BpfException(Errno.EINVAL, "%s: is not UTF-8".formatted(file));
        } catch (IOException e) {
            throw new BpfException(Errno.ENOENT, "%s: can't be read".formatted(file), e);
        }
    }

    /**
     * The documents of a file.
     *
     * @throws BpfException EINVAL with the line if it is no YAML
     */
    public static List<Yaml> documents(Path file, String text) {
        var settings = LoadSettings.builder().setLabel(file.toString()).build();
        List<Yaml> all = new ArrayList<>();
        var parser = new ParserImpl(settings, new StreamReader(settings, text));
        var nodes = new Composer(settings, parser);
        try {
            while (nodes.hasNext()) all.add(new Yaml(file, nodes.next()));
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            throw mistake(file, line, e.getProblem());
        } catch (YamlEngineException e) {
            throw mistake(file, 1, e.getMessage());
        }
        return all;
    }

    /** The line it begins at, from 1. */
    public int line() {
        return node.getStartMark().map(Mark::getLine).orElse(0) + 1;
    }

    /** What is wrong with it, for {@code throw}. */
    public BpfException mistake(String problem) {
        return mistake(file, line(), problem);
    }

    private static BpfException mistake(Path file, int line, String problem) {
        return new BpfException(
                Errno.EINVAL, "%s:%d: %s".formatted(file.getFileName(), line, problem));
    }

    public boolean isMapping() {
        return node instanceof MappingNode;
    }

    /** A text, or a number as it is written. */
    public String text() {
        if (node instanceof ScalarNode scalar) return scalar.getValue();
        throw mistake("expected a text");
    }

    /** A number. */
    public long number() {
        try {
            var text = text();
            return text.startsWith("0x") ? Long.decode(text) : Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw mistake("expected a number, found " + text());
        }
    }

    /** The elements of a list; something else counts as a list of one. */
    public List<Yaml> list() {
        if (!(node instanceof SequenceNode sequence)) return List.of(this);
        return sequence.getValue().stream().map(element -> new Yaml(file, element)).toList();
    }

    /** The members of a mapping, in their order. */
    public Map<String, Yaml> members() {
        if (!(node instanceof MappingNode mapping)) throw mistake("expected \"key: value\"");
        Map<String, Yaml> members = new LinkedHashMap<>();
        for (var tuple : mapping.getValue()) {
            var key = new Yaml(file, tuple.getKeyNode());
            var value = new Yaml(file, tuple.getValueNode());
            if (members.put(key.text(), value) != null) {
                throw key.mistake("%s is there twice".formatted(key.text()));
            }
        }
        return members;
    }

    /** A member of a mapping. */
    public Optional<Yaml> member(String key) {
        return Optional.ofNullable(members().get(key));
    }
}
