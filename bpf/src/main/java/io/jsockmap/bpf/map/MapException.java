package io.jsockmap.bpf.map;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;

/**
 * An operation that a map refuses.
 *
 * {@snippet class="io.jsockmap.bpf.examples.MapExamples" region="full"}
 */
public final class MapException extends BpfException {
    private static final long serialVersionUID = 1L;

    private final String map;

    MapException(Errno errno, String map, String type, String problem) {
        super(errno, "map %s (%s): %s".formatted(map, type, problem));
        this.map = map;
    }

    /** The map's name. */
    public String map() {
        return map;
    }
}
