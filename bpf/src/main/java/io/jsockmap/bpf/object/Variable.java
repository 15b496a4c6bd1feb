package io.jsockmap.bpf.object;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.MappedMemory;

import java.lang.foreign.MemorySegment;

/**
 * A global variable of a loaded object. Programs see what is set, and what they set is seen.
 *
 * {@snippet class="io.jsockmap.bpf.examples.ObjectExamples" region="variable"}
 */
public final class Variable {
    private final VariableSpec spec;
    private final MappedMemory section;
    private final boolean readOnly;

    Variable(VariableSpec spec, MappedMemory section, boolean readOnly) {
        this.spec = spec;
        this.section = section;
        this.readOnly = readOnly;
    }

    /** Its name in C. */
    public String name() {
        return spec.name();
    }

    /** A copy of its bytes. */
    public byte[] bytes() {
        return segment().toArray(JAVA_BYTE);
    }

    /**
     * Its value as an unsigned number.
     *
     * @throws BpfException EINVAL if it has more than 8 bytes
     */
    public long value() {
        if (spec.size() > Long.BYTES) throw refused(Errno.EINVAL, "is no number");
        long value = 0;
        var bytes = bytes();
        for (int i = bytes.length - 1; i >= 0; i--)
            value = value << 8 | Byte.toUnsignedLong(bytes[i]);
        return value;
    }

    /**
     * Sets the low bytes of a number.
     *
     * @throws BpfException EPERM if it is {@code const}: set it before loading
     */
    public void set(long value) {
        if (readOnly) throw refused(Errno.EPERM, "is const: set it in the load options");
        for (int i = 0; i < spec.size(); i++) {
            segment().set(JAVA_BYTE, i, i < Long.BYTES ? (byte) (value >> 8 * i) : 0);
        }
    }

    private MemorySegment segment() {
        return section.mapped().asSlice(spec.offset(), spec.size());
    }

    private BpfException refused(Errno errno, String problem) {
        return new BpfException(
                errno,
                "variable %s (%s, %d bytes) %s"
                        .formatted(spec.name(), spec.section(), spec.size(), problem));
    }
}
