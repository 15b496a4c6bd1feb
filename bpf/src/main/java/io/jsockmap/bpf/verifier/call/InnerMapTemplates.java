package io.jsockmap.bpf.verifier.call;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.Key;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.memory.Region;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Stands for any of the maps in a map of maps, of which only the definition is known. */
final class InnerMapTemplates {
    private final Map<BpfMap, BpfMap> templates = new HashMap<>();

    /** What stands for the maps in that one. */
    BpfMap of(BpfMap outer) {
        return templates.computeIfAbsent(
                outer, map -> new Template(map.definition().inner().orElseThrow()));
    }

    /** A map without elements. */
    private static final class Template extends BpfMap {
        Template(MapDefinition definition) {
            super(definition.withMaxEntries(Math.max(1, definition.maxEntries())));
        }

        @Override
        public Region lookupFromProgram(Key key) {
            return null;
        }

        @Override
        protected Optional<byte[]> find(byte[] key) {
            return Optional.empty();
        }

        @Override
        protected void put(byte[] key, byte[] value, UpdateFlag flag) {
            throw failure(Errno.E2BIG, "it stands for maps that are not known yet");
        }

        @Override
        protected void remove(byte[] key) {
            throw missing(key);
        }

        @Override
        protected Optional<byte[]> following(byte[] key) {
            return Optional.empty();
        }
    }
}
