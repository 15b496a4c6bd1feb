package io.jsockmap.sockmap.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.btf.BtfType.Struct;
import io.jsockmap.bpf.program.ContextField;
import io.jsockmap.bpf.program.ContextLayout;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Compares a table of fields with the type of its name. */
public final class TypeAgreement {
    private static final Pattern NAME = Pattern.compile("[a-z]\\w*");

    private final Btf types;
    private final int type;
    private final Map<String, Span> fields = new HashMap<>();

    private record Span(long start, long end) {}

    private TypeAgreement(Btf types, String name) {
        this.types = types;
        type = numberOf(name);
        collect((Struct) types.type(type), 0);
    }

    /** Every row lies within the fields that it names, and one that names one is at its start. */
    public static void assertAgrees(ContextLayout<?> table) {
        var name = table.name().replace("struct ", "");
        var agreement = new TypeAgreement(ContextTypes.ALL, name);

        assertThat(agreement.types.sizeOf(agreement.type)).isEqualTo(table.size());
        assertThat(table.fields()).isNotEmpty().allSatisfy(agreement::assertAgrees);
    }

    private void assertAgrees(ContextField<?> row) {
        var names = NAME.matcher(row.name()).results().map(r -> fields.get(r.group())).toList();
        assertThat(names).as(row.name()).isNotEmpty().doesNotContainNull();

        assertThat((long) row.offset())
                .as(row.name())
                .isBetween(names.getFirst().start(), end(names));
        long end = row.offset() + (long) row.size();
        assertThat(end).as(row.name()).isLessThanOrEqualTo(upTo(end(names)));
        boolean whole = names.size() == 1 && !row.name().contains("[");
        if (whole) assertThat((long) row.offset()).isEqualTo(names.getFirst().start());
    }

    private static long end(List<Span> names) {
        return names.getLast().end();
    }

    /** Where the next field begins: a row may have the gap before it. */
    private long upTo(long end) {
        return fields.values().stream()
                .mapToLong(Span::start)
                .filter(start -> start >= end)
                .min()
                .orElse(types.sizeOf(type));
    }

    private void collect(Struct struct, long start) {
        for (var member : struct.members()) {
            long at = start + member.bitOffset() / Byte.SIZE;
            if (member.name().isEmpty()) {
                if (types.resolve(member.type()) instanceof Struct inner) collect(inner, at);
            } else {
                fields.put(member.name(), new Span(at, at + types.sizeOf(member.type())));
            }
        }
    }

    private int numberOf(String name) {
        for (int id = 1; id < types.size(); id++) {
            if (types.type(id) instanceof Struct struct && struct.name().equals(name)) return id;
        }
        throw new AssertionError("no structure " + name);
    }
}
