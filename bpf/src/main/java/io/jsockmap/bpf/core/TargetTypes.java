package io.jsockmap.bpf.core;

import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.btf.BtfType;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The types that programs meet when they run. What the engine itself shows to programs comes first:
 * of a type that it knows, only its own layout is true. Safe for use by many threads.
 */
public final class TargetTypes {
    /** No types at all. */
    public static final TargetTypes NONE = new TargetTypes(List.of(), false);

    private final List<Index> indices;
    private final boolean given;

    private TargetTypes(List<Index> indices, boolean given) {
        this.indices = indices;
        this.given = given;
    }

    /** The types that an engine itself shows to programs. */
    public static TargetTypes ofEngine(Btf types) {
        return new TargetTypes(List.of(new Index(types)), false);
    }

    /** These, and behind them the types that a caller gives. */
    public TargetTypes with(Btf types) {
        var more = new ArrayList<>(indices);
        more.add(new Index(types));
        return new TargetTypes(List.copyOf(more), true);
    }

    /** Whether a caller gave any. */
    boolean areGiven() {
        return given;
    }

    /** The types of a name, flavours apart, that are of a type's kind; of one table only. */
    Optional<Candidates> named(BtfType wanted) {
        var name = TypeNames.withoutFlavour(wanted.name());
        return indices.stream()
                .map(index -> index.candidates(name, wanted))
                .filter(c -> !c.types().isEmpty())
                .findFirst();
    }

    /** Types of one table that may be the one that is wanted. */
    record Candidates(Btf btf, List<Integer> types) {}

    private static final class Index {
        private final Btf btf;
        private final Map<String, List<Integer>> byName = new HashMap<>();

        Index(Btf btf) {
            this.btf = btf;
            for (int id = 1; id < btf.size(); id++) {
                var name = btf.type(id).name();
                if (name.isEmpty()) continue;
                byName.computeIfAbsent(TypeNames.withoutFlavour(name), _ -> new ArrayList<>(1))
                        .add(id);
            }
        }

        Candidates candidates(String name, BtfType wanted) {
            return new Candidates(
                    btf,
                    byName.getOrDefault(name, List.of()).stream()
                            .filter(id -> Compatibility.sameKind(wanted, btf.type(id)))
                            .toList());
        }
    }
}
