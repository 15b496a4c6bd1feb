package io.jsockmap.bpf.btf;

import io.jsockmap.bpf.btf.BtfType.Array;
import io.jsockmap.bpf.btf.BtfType.Constant;
import io.jsockmap.bpf.btf.BtfType.Enumeration;
import io.jsockmap.bpf.btf.BtfType.Forward;
import io.jsockmap.bpf.btf.BtfType.Modifier;
import io.jsockmap.bpf.btf.BtfType.Nothing;
import io.jsockmap.bpf.btf.BtfType.Parameter;
import io.jsockmap.bpf.btf.BtfType.Pointer;
import io.jsockmap.bpf.btf.BtfType.Prototype;
import io.jsockmap.bpf.btf.BtfType.Struct;
import io.jsockmap.bpf.btf.BtfType.Typedef;

import java.util.BitSet;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Types as C writes them. Structs and enumerations without a name are written where they are used.
 */
final class CText {
    private static final String TAB = "\t";

    private final Btf types;
    private final CLayout layout;
    private final CNames names;
    private final BitSet defined = new BitSet();

    CText(Btf types) {
        this.types = types;
        layout = new CLayout(types);
        names = new CNames(types);
    }

    /** Whether a struct or enumeration has been written with all that is in it. */
    boolean isDefined(int id) {
        return defined.get(id);
    }

    /** {@code struct name}. */
    String tag(int id) {
        var keyword =
                switch (types.type(id)) {
                    case Struct struct -> struct.union() ? "union" : "struct";
                    case Forward forward -> forward.union() ? "union" : "struct";
                    default -> "enum";
                };
        var name = names.of(id);
        return name.isEmpty() ? keyword : keyword + " " + name;
    }

    String typedef(int id) {
        var typedef = (Typedef) types.type(id);
        return "typedef " + declaration(typedef.target(), names.of(id), "", 0);
    }

    /** A struct, union or enumeration with all that is in it. */
    String definition(int id) {
        return definition(id, 0);
    }

    private String definition(int id, int depth) {
        defined.set(id);
        return types.type(id) instanceof Enumeration enumeration
                ? enumeration(id, enumeration, depth)
                : struct(id, depth);
    }

    private String enumeration(int id, Enumeration enumeration, int depth) {
        // Of which no more than the name is known.
        if (enumeration.constants().isEmpty()) return tag(id);
        var constants =
                enumeration.constants().stream()
                        .map(c -> TAB.repeat(depth + 1) + constant(c, enumeration) + ",\n")
                        .collect(Collectors.joining());
        return "%s {\n%s%s}%s".formatted(tag(id), constants, TAB.repeat(depth), width(enumeration));
    }

    private String constant(Constant constant, Enumeration enumeration) {
        boolean wide = enumeration.size() == Long.BYTES;
        long value = constant.value();
        var name = names.ofConstant(constant.name());
        if (enumeration.signed()) return "%s = %d%s".formatted(name, value, wide ? "LL" : "");
        return wide
                ? "%s = %sULL".formatted(name, Long.toUnsignedString(value))
                : "%s = %d".formatted(name, value & 0xffff_ffffL);
    }

    /** What makes an enumeration as wide as it is, where its constants do not. */
    private static String width(Enumeration enumeration) {
        return switch (enumeration.size()) {
            case Byte.BYTES -> " __attribute__((mode(QI)))";
            case Short.BYTES -> " __attribute__((mode(HI)))";
            case Long.BYTES ->
                    enumeration.constants().stream().allMatch(c -> isNarrow(c, enumeration))
                            ? " __attribute__((mode(DI)))"
                            : "";
            default -> "";
        };
    }

    private static boolean isNarrow(Constant constant, Enumeration enumeration) {
        long value = constant.value();
        return enumeration.signed() ? value == (int) value : value >>> Integer.SIZE == 0;
    }

    private String struct(int id, int depth) {
        var parts = layout.parts(id);
        var text = new StringBuilder(tag(id)).append(" {");
        for (var part : parts) {
            text.append('\n')
                    .append(TAB.repeat(depth + 1))
                    .append(part(part, depth + 1))
                    .append(';');
        }
        if (!parts.isEmpty()) text.append('\n').append(TAB.repeat(depth));
        text.append('}');
        if (layout.isPacked(id)) text.append(" __attribute__((packed))");
        if (layout.isStretched(id)) {
            text.append(" __attribute__((aligned(%d)))".formatted(layout.alignment(id)));
        }
        return text.toString();
    }

    private String part(CLayout.Part part, int depth) {
        return switch (part) {
            case CLayout.Gap(int bits) -> "long: " + bits;
            case CLayout.Field(var member, int width) ->
                    declaration(member.type(), member.name(), "", depth)
                            + (width == 0 ? "" : ": " + width);
        };
    }

    /**
     * A type around what is declared: C writes it from the inside out.
     *
     * @param declared what is declared, as far as it is written; may be empty
     * @param qualifiers what is said of the type, each with a blank behind it
     */
    private String declaration(int id, String declared, String qualifiers, int depth) {
        return switch (types.type(id)) {
            case Modifier modifier -> {
                var more = qualifier(modifier);
                // An array of constants may be said to be constant once more.
                var all = qualifiers.contains(more) ? qualifiers : more + qualifiers;
                yield declaration(modifier.target(), declared, all, depth);
            }
            case Pointer(int target) ->
                    declaration(target, pointer(target, qualifiers + declared), "", depth);
            case Array array ->
                    declaration(
                            array.element(),
                            "%s[%d]".formatted(declared, array.count()),
                            qualifiers,
                            depth);
            case Prototype prototype ->
                    declaration(
                            prototype.result(),
                            "%s(%s)".formatted(declared, parameters(prototype, depth)),
                            "",
                            depth);
            default -> {
                var base = qualifiers + base(id, depth);
                yield declared.isEmpty() ? base : base + " " + declared;
            }
        };
    }

    /** What stands behind it binds stronger than a star. */
    private String pointer(int target, String declared) {
        int bare = target;
        while (types.type(bare) instanceof Modifier modifier) bare = modifier.target();
        boolean behind = types.type(bare) instanceof Array || types.type(bare) instanceof Prototype;
        return (behind ? "(*%s)" : "*%s").formatted(declared);
    }

    private static String qualifier(Modifier modifier) {
        return switch (modifier.kind()) {
            case CONST -> "const ";
            case VOLATILE -> "volatile ";
            case RESTRICT -> "restrict ";
            case TYPE_TAG -> "__attribute__((btf_type_tag(\"%s\"))) ".formatted(modifier.name());
        };
    }

    private String parameters(Prototype prototype, int depth) {
        var all = prototype.parameters();
        // Of a function without parameters some compilers say that it has one, which is void.
        if (all.isEmpty() || all.equals(List.of(new Parameter("", 0)))) return "void";
        return all.stream()
                .map(p -> p.type() == 0 ? "..." : declaration(p.type(), p.name(), "", depth))
                .collect(Collectors.joining(", "));
    }

    private String base(int id, int depth) {
        return switch (types.type(id)) {
            case Nothing _ -> "void";
            case Struct struct when struct.name().isEmpty() -> definition(id, depth);
            case Enumeration enumeration when enumeration.name().isEmpty() -> definition(id, depth);
            case Struct _, Enumeration _, Forward _ -> tag(id);
            default -> names.of(id);
        };
    }
}
