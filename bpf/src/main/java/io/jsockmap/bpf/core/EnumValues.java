package io.jsockmap.bpf.core;

import io.jsockmap.bpf.btf.BtfType.Constant;
import io.jsockmap.bpf.btf.BtfType.Enumeration;

import java.util.Optional;

/** Values of enumerations by their names, which may have flavours as types have. */
final class EnumValues {
    private EnumValues() {}

    static Optional<Constant> find(Enumeration enumeration, String name) {
        var wanted = TypeNames.withoutFlavour(name);
        return enumeration.constants().stream()
                .filter(c -> TypeNames.withoutFlavour(c.name()).equals(wanted))
                .findFirst();
    }

    /** The value in 64 bits: an unsigned one of 4 bytes is not negative. */
    static long of(Enumeration enumeration, Constant constant) {
        boolean wide = enumeration.size() == Long.BYTES || enumeration.signed();
        return wide ? constant.value() : constant.value() & 0xffff_ffffL;
    }
}
