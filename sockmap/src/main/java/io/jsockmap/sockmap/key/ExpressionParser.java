package io.jsockmap.sockmap.key;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the notation of keys and values; the rules are in {@link KeyNotation}. */
final class ExpressionParser {
    private static final Pattern TOKEN =
            Pattern.compile(
                    "\\s*(?:(?<hex>hex:[0-9a-fA-F]*)|(?<number>0x[0-9a-fA-F]+|\\d+)"
                        + "|(?<name>[A-Za-z_]\\w*)|\"(?<text>[^\"]*)\"|(?<sign><<|>>|[-+*&|()\\[\\]{},.=]))");

    /** Operators from the loosest to the tightest, as in C. */
    private static final List<List<String>> LEVELS =
            List.of(
                    List.of("|"),
                    List.of("&"),
                    List.of("<<", ">>"),
                    List.of("+", "-"),
                    List.of("*"));

    private final String text;
    private final Matcher tokens;

    /** Whether there is a token at hand; else the text has ended, or is none from {@link #end}. */
    private boolean there;

    private int end;

    private ExpressionParser(String text) {
        this.text = text;
        tokens = TOKEN.matcher(text);
        advance();
    }

    /**
     * Reads an expression.
     *
     * @throws BpfException EINVAL naming the place that is not understood
     */
    static Expression parse(String text) {
        var parser = new ExpressionParser(text);
        var expression = parser.level(0);
        if (parser.there || parser.position() < text.stripTrailing().length()) {
            throw parser.unexpected("the end");
        }
        return expression;
    }

    private int position() {
        int at = there ? tokens.start() : end;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) at++;
        return at;
    }

    private void advance() {
        end = there ? tokens.end() : 0;
        tokens.region(end, text.length());
        there = tokens.lookingAt();
    }

    private Expression level(int level) {
        if (level == LEVELS.size()) return operand();
        var left = level(level + 1);
        while (there && LEVELS.get(level).contains(String.valueOf(tokens.group("sign")))) {
            var op = tokens.group("sign");
            advance();
            left = new Expression.Binary(op, left, level(level + 1));
        }
        return left;
    }

    private Expression operand() {
        if (!there) throw unexpected("a value");
        if (tokens.group("number") != null) return number(take("number"));
        if (tokens.group("text") != null) return new Expression.Text(take("text"));
        if (tokens.group("name") != null) return named(take("name"));
        if (tokens.group("hex") != null) {
            var digits = take("hex").substring("hex:".length());
            if (digits.length() % 2 != 0) throw unexpected("an even number of hex digits");
            return new Expression.Raw(HexFormat.of().parseHex(digits));
        }
        if (skip("(")) {
            var inner = level(0);
            expect(")");
            return inner;
        }
        if (skip("{")) return new Expression.Structure(fields());
        if (skip("[")) return new Expression.Elements(elements());
        throw unexpected("a value");
    }

    private Expression number(String digits) {
        try {
            return new Expression.Literal(
                    digits.startsWith("0x")
                            ? Long.parseUnsignedLong(digits.substring(2), 16)
                            : Long.parseUnsignedLong(digits));
        } catch (NumberFormatException _) {
            throw unexpected("a number of at most 64 bits");
        }
    }

    private Expression named(String name) {
        if (skip("(")) {
            var argument = level(0);
            expect(")");
            return new Expression.Call(name, argument);
        }
        if (!skip(".")) return new Expression.Attribute("", name);
        if (!there || tokens.group("name") == null) throw unexpected("an attribute");
        return new Expression.Attribute(name, take("name"));
    }

    private Map<String, Expression> fields() {
        Map<String, Expression> fields = new LinkedHashMap<>();
        while (!skip("}")) {
            if (!fields.isEmpty()) expect(",");
            if (!there || tokens.group("name") == null) throw unexpected("a field's name");
            var name = take("name");
            expect("=");
            fields.put(name, level(0));
        }
        return fields;
    }

    private List<Expression> elements() {
        List<Expression> elements = new ArrayList<>();
        while (!skip("]")) {
            if (!elements.isEmpty()) expect(",");
            elements.add(level(0));
        }
        return elements;
    }

    private String take(String group) {
        var taken = tokens.group(group);
        advance();
        return taken;
    }

    private boolean skip(String sign) {
        if (!there || !sign.equals(tokens.group("sign"))) return false;
        advance();
        return true;
    }

    private void expect(String sign) {
        if (!skip(sign)) throw unexpected(sign);
    }

    private BpfException unexpected(String expected) {
        int at = position();
        return new BpfException(
                Errno.EINVAL, "%s: expected %s at column %d".formatted(text, expected, at + 1));
    }
}
