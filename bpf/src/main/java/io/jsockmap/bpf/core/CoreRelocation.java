package io.jsockmap.bpf.core;

import io.jsockmap.bpf.MalformedObjectException;
import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.btf.BtfType.Constant;
import io.jsockmap.bpf.btf.BtfType.Enumeration;
import io.jsockmap.bpf.btf.CoreRecord;

/** A CO-RE relocation of an instruction, understood by the object's own types. */
public final class CoreRelocation {
    private final int slot;
    private final CoreKind kind;
    private final Place place;
    private final int value;

    private CoreRelocation(int slot, CoreKind kind, Place place, int value) {
        this.slot = slot;
        this.kind = kind;
        this.place = place;
        this.value = value;
    }

    /**
     * Understands a record.
     *
     * @param btf the object's own types
     * @param entry the record
     * @param slot the instruction, counted from the function's start
     * @throws MalformedObjectException if it asks what nobody knows, or about what is not there
     */
    public static CoreRelocation of(Btf btf, CoreRecord entry, int slot) {
        var reader = new AccessReader(btf, entry);
        var kind =
                CoreKind.of(entry.kind())
                        .orElseThrow(() -> reader.bad("that kind is not known (0 to 12 are)"));
        return switch (kind.subject()) {
            case FIELD -> new CoreRelocation(slot, kind, reader.field(), 0);
            case TYPE -> new CoreRelocation(slot, kind, reader.type(), 0);
            case VALUE -> {
                int value = reader.value();
                yield new CoreRelocation(slot, kind, Place.of(btf, entry.type(), 0), value);
            }
        };
    }

    /** The instruction, counted from the function's start. */
    public int slot() {
        return slot;
    }

    /** What is asked. */
    public CoreKind kind() {
        return kind;
    }

    /** What it is asked about, as C names it: {@code struct sk_msg_md.size}. */
    public String subject() {
        return kind.subject() == CoreKind.Subject.VALUE
                ? "%s.%s".formatted(place.text(), constant().name())
                : place.text();
    }

    Place place() {
        return place;
    }

    /** The enumeration's value that is meant. */
    Constant constant() {
        return ((Enumeration) place.btf().resolve(place.root())).constants().get(value);
    }

    @Override
    public String toString() {
        return "%s of %s at %d".formatted(kind.text(), subject(), slot);
    }
}
