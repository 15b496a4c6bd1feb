package io.jsockmap.bpf.object;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.MapDefinition;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The maps that objects share by name, as {@code LIBBPF_PIN_BY_NAME} does through a folder.
 *
 * {@snippet class="io.jsockmap.bpf.examples.ObjectExamples" region="pinned"}
 */
public class PinnedMaps {
    private final Map<String, BpfMap> maps = new ConcurrentHashMap<>();

    /**
     * The map pinned under the definition's name, made now if there is none.
     *
     * @throws io.jsockmap.bpf.map.MapException EINVAL if there is one of another definition
     */
    protected BpfMap shared(MapDefinition definition, Function<MapDefinition, BpfMap> create) {
        var map = maps.computeIfAbsent(definition.name(), _ -> create.apply(definition));
        if (map.definition().isCompatibleWith(definition)) return map;
        throw definition.refused(
                Errno.EINVAL,
                "a map of that name is pinned already and differs: " + map.definition().summary());
    }
}
