package io.jsockmap.bpf.verifier.call;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.btf.BtfType;
import io.jsockmap.bpf.btf.BtfType.DeclarationTag;
import io.jsockmap.bpf.program.MachineLimits;
import io.jsockmap.bpf.verifier.flow.Refused;
import io.jsockmap.bpf.verifier.rule.Rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What the types of an object file say of a global function's arguments. */
record Prototype(List<Parameter> parameters) {
    private static final String TAG = "arg:";

    /** What an argument must be. */
    sealed interface Parameter {}

    record AnyNumber() implements Parameter {}

    record Context() implements Parameter {}

    record DynptrParameter() implements Parameter {}

    /** Memory of so many bytes. */
    record Memory(int size, boolean maybeNull) implements Parameter {}

    /**
     * Reads one.
     *
     * @param number the function's number in the types
     * @param context the name of the context structure in C
     * @throws Refused if a function like that can't be verified by itself
     */
    static Prototype read(Btf types, int number, String context) {
        var function = (BtfType.Function) types.type(number);
        var prototype = (BtfType.Prototype) types.type(function.prototype());
        var given = prototype.parameters();
        if (given.size() > MachineLimits.ARGUMENTS) {
            throw refused(
                    "Global function %s() with %d > %d args. Buggy compiler.",
                    function.name(), given.size(), MachineLimits.ARGUMENTS);
        }
        if (!isNumber(types.resolve(prototype.result()))) {
            throw refused(
                    "Global function %s() doesn't return scalar. Only those are supported.",
                    function.name());
        }
        List<Parameter> parameters = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            var tags = tags(types, number, i);
            parameters.add(parameter(types, given.get(i).type(), i, tags, function, context));
        }
        return new Prototype(List.copyOf(parameters));
    }

    private static Set<String> tags(Btf types, int number, int part) {
        Set<String> tags = new TreeSet<>();
        for (int i = 1; i < types.size(); i++) {
            if (types.type(i) instanceof DeclarationTag(String name, int target, int at)
                    && target == number
                    && at == part
                    && name.startsWith(TAG)) {
                tags.add(name.substring(TAG.length()));
            }
        }
        return tags;
    }

    private static Parameter parameter(
            Btf types,
            int type,
            int i,
            Set<String> tags,
            BtfType.Function function,
            String context) {
        if (!Set.of("ctx", "nonnull", "nullable").containsAll(tags)) {
            throw new Refused(
                    Rule.GLOBAL_FUNCTION,
                    Errno.EOPNOTSUPP,
                    "arg#%d has unsupported set of tags".formatted(i),
                    List.of(i + 1));
        }
        var resolved = types.resolve(type);
        if (resolved instanceof BtfType.Pointer(int target)) {
            return pointer(types, target, i, tags, context);
        }
        if (!tags.isEmpty()) {
            throw refused("arg#%d has pointer tag, but is not a pointer type", i);
        }
        if (isNumber(resolved)) return new AnyNumber();
        throw refused(
                "Arg#%d type %s in %s() is not supported yet.", i, word(resolved), function.name());
    }

    private static Parameter pointer(
            Btf types, int target, int i, Set<String> tags, String context) {
        var to = types.resolve(target);
        boolean ofContext =
                to instanceof BtfType.Struct struct && context.equals("struct " + struct.name());
        if (tags.contains("ctx") || ofContext) {
            if (!Set.of("ctx").containsAll(tags)) throw combination(i);
            return new Context();
        }
        if (to instanceof BtfType.Struct struct && struct.name().equals("bpf_dynptr")) {
            if (!tags.isEmpty()) throw combination(i);
            return new DynptrParameter();
        }
        if (tags.contains("nullable")) throw combination(i);
        if (!hasSize(to)) {
            throw refused(
                    "arg#%d reference type('%s %s') size cannot be determined: -22",
                    i, word(to), to.name());
        }
        return new Memory(types.sizeOf(target), !tags.contains("nonnull"));
    }

    private static boolean hasSize(BtfType type) {
        return switch (type) {
            case BtfType.Int _,
                    BtfType.Floating _,
                    BtfType.Enumeration _,
                    BtfType.Struct _,
                    BtfType.Pointer _,
                    BtfType.Array _ ->
                    true;
            default -> false;
        };
    }

    private static boolean isNumber(BtfType type) {
        return type instanceof BtfType.Int || type instanceof BtfType.Enumeration;
    }

    /** The kernel's word for a kind of type. */
    private static String word(BtfType type) {
        return switch (type) {
            case BtfType.Nothing _ -> "UNKNOWN";
            case BtfType.Struct struct -> struct.union() ? "UNION" : "STRUCT";
            case BtfType.Forward _ -> "FWD";
            case BtfType.Floating _ -> "FLOAT";
            case BtfType.Array _ -> "ARRAY";
            case BtfType.Prototype _ -> "FUNC_PROTO";
            default -> type.getClass().getSimpleName();
        };
    }

    private static Refused combination(int i) {
        return refused("arg#%d has invalid combination of tags", i);
    }

    private static Refused refused(String format, Object... values) {
        return new Refused(Rule.GLOBAL_FUNCTION, Errno.EINVAL, format.formatted(values), List.of());
    }
}
