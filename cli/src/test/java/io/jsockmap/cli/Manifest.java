package io.jsockmap.cli;

import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A file that Kubernetes takes.
 *
 * @param file from the root
 * @param documents it has
 */
record Manifest(String file, List<Map<?, ?>> documents) {
    private static final String FOLDER = "packaging/kubernetes";

    static List<Manifest> all() throws IOException {
        try (var files = Files.list(Outcome.ROOT.resolve(FOLDER))) {
            var names =
                    files.map(path -> path.getFileName().toString())
                            .filter(name -> name.endsWith(".yaml"))
                            .sorted()
                            .toList();
            List<Manifest> all = new ArrayList<>();
            for (var name : names) all.add(read(FOLDER + "/" + name));
            return all;
        }
    }

    private static Manifest read(String file) throws IOException {
        var text = Files.readString(Outcome.ROOT.resolve(file));
        List<Map<?, ?>> documents = new ArrayList<>();
        var load = new Load(LoadSettings.builder().setLabel(file).build());
        for (var document : load.loadAllFromString(text)) documents.add((Map<?, ?>) document);
        return new Manifest(file, documents);
    }

    /** What lies at a path of keys. */
    static Object at(Map<?, ?> from, String... path) {
        Object found = from;
        for (var key : path) found = ((Map<?, ?>) found).get(key);
        return found;
    }

    /** The only document of a kind. */
    Map<?, ?> document(String kind) {
        return documents.stream()
                .filter(document -> kind.equals(document.get("kind")))
                .findFirst()
                .orElseThrow();
    }

    /** What pods are made of. */
    Map<?, ?> pod() {
        return documents.stream()
                .map(document -> document.get("spec"))
                .filter(spec -> spec instanceof Map<?, ?> map && map.containsKey("template"))
                .map(spec -> (Map<?, ?>) at((Map<?, ?>) spec, "template", "spec"))
                .findFirst()
                .orElseThrow();
    }

    List<Container> containers() {
        return Stream.of("initContainers", "containers")
                .flatMap(key -> Optional.ofNullable((List<?>) pod().get(key)).stream())
                .flatMap(List::stream)
                .map(container -> new Container((Map<?, ?>) container))
                .toList();
    }

    /** The one that is jsockmap. */
    Container container() {
        return containers().stream()
                .filter(container -> "jsockmap".equals(container.fields().get("name")))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public String toString() {
        return file;
    }

    /** A container of a pod. */
    record Container(Map<?, ?> fields) {
        List<String> arguments() {
            return ((List<?>) fields.get("args")).stream().map(String.class::cast).toList();
        }

        /** Its ports by name. */
        int port(Object name) {
            return ((List<?>) fields.get("ports"))
                    .stream()
                            .map(port -> (Map<?, ?>) port)
                            .filter(port -> name.equals(port.get("name")))
                            .map(port -> (Integer) port.get("containerPort"))
                            .findFirst()
                            .orElseThrow();
        }
    }
}
