package io.jsockmap.sockmap.setup;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.IndexKey;
import io.jsockmap.bpf.map.JumpTarget;
import io.jsockmap.bpf.map.ProgArrayMap;
import io.jsockmap.bpf.map.ProgramArray;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.sockmap.SockmapObject;
import io.jsockmap.sockmap.key.KeyNotation;
import io.jsockmap.sockmap.key.NamedSockets;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An element of a map as people write it: {@code MAP[KEY]=VALUE}.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.SetupExamples" region="setup"}
 *
 * @param map the map's name
 * @param key the notation of its key
 * @param value what stands behind: a value's notation, or the name of a program or socket
 */
public record Element(String map, String key, String value) {
    private static final Pattern FORM = Pattern.compile("([\\w.]+)\\[(.*)]=(.*)");

    /** Reads the notation; empty for anything else. */
    public static Optional<Element> parse(String text) {
        var parts = FORM.matcher(text);
        return parts.matches()
                ? Optional.of(new Element(parts.group(1), parts.group(2), parts.group(3)))
                : Optional.empty();
    }

    /**
     * Puts it into the object's map; in a map of programs the value is a program's name.
     *
     * @param connection whose sockets may be in key and value
     * @throws BpfException with the errno of the update, or if key or value do not fit
     */
    public void set(SockmapObject object, NamedSockets connection) {
        var target = object.map(map);
        var btf = object.spec().btf();
        var keyBytes = keyIn(object, connection);
        if (target instanceof ProgramArray<?>) {
            @SuppressWarnings("unchecked")
            var programs = (ProgramArray<Program>) target;
            programs.set(IndexKey.indexOf(keyBytes), object.program(value));
            return;
        }
        var valueBytes = KeyNotation.parse(value).value(target, btf, connection);
        target.update(keyBytes, valueBytes, UpdateFlag.ANY);
    }

    private byte[] keyIn(SockmapObject object, NamedSockets connection) {
        return KeyNotation.parse(key).key(object.map(map), object.spec().btf(), connection);
    }

    /**
     * Remembers what stands there, to be put back. Of maps without keys, or that can't be read,
     * nothing is.
     */
    Runnable remember(SockmapObject object, NamedSockets connection) {
        var target = object.map(map);
        boolean isWriteOnly = (target.definition().flags() & BpfMap.WRONLY) != 0;
        if (target.keySize() == 0 || isWriteOnly) return () -> {};
        var keyBytes = keyIn(object, connection);
        if (target instanceof ProgArrayMap<?> programs) return remember(programs, keyBytes);
        var before = target.lookup(keyBytes);
        return () -> {
            if (before.isPresent()) target.update(keyBytes, before.get(), UpdateFlag.ANY);
            else if (target.lookup(keyBytes).isPresent()) target.delete(keyBytes);
        };
    }

    private static <P extends JumpTarget> Runnable remember(ProgArrayMap<P> programs, byte[] key) {
        long index = IndexKey.indexOf(key);
        var before = programs.program(index);
        return () -> programs.set(index, before);
    }
}
