package io.jsockmap.testkit.record;

import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.memory.ByteRegion;
import io.jsockmap.bpf.memory.ByteRegion.MapElement;
import io.jsockmap.bpf.memory.Region;
import io.jsockmap.bpf.memory.WriteOnlyRegion;
import io.jsockmap.bpf.program.Program;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks after the maps that a run refers to: which of them may have changed, and when. */
final class MapWatch {
    private static final Optional<MapElement> NONE = Optional.empty();

    private final List<MapTrail> trails = new ArrayList<>();
    private final RunLimits limits;

    MapWatch(RunLimits limits) {
        this.limits = limits;
    }

    /** A program takes part from now on, the first one or one that a tail call went to. */
    void enter(int step, Program program) {
        for (var map : program.maps()) {
            if (trails.stream().anyMatch(trail -> isOf(trail, map))) continue;
            var trail = new MapTrail(map, program.debug().types(), limits);
            trails.add(trail);
            trail.readAll(step);
        }
    }

    private static boolean isOf(MapTrail trail, MapElement element) {
        return element.map() instanceof BpfMap map && isOf(trail, map);
    }

    private static boolean isOf(MapTrail trail, BpfMap map) {
        return trail.map().id() == map.id();
    }

    /** The program stored to a region that is neither stack nor packet. */
    void stored(int step, Region region) {
        var bytes = region instanceof WriteOnlyRegion(var inner) ? inner : region;
        var element = bytes instanceof ByteRegion plain ? plain.element() : NONE;
        for (var trail : trails) {
            if (element.isEmpty()) trail.readAll(step);
            else if (isOf(trail, element.get())) trail.read(step, element.get().key());
        }
    }

    /** A helper was called; it may have changed any of them. */
    void called(int step) {
        trails.forEach(trail -> trail.readAll(step));
    }

    List<MapTrail> trails() {
        return List.copyOf(trails);
    }
}
