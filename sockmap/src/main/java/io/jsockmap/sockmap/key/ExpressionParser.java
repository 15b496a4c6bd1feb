package io.jsockmap.sockmap.key;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
                    "\\s*(?:(?<hex>hex:[0-9a-fA-F]*)"
                            + "|(?<address>(?:\\d+(?:\\.\\d+){3}"
                            + "|[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7})(?:/\\d{1,3})?)"
                            + "|(?<real>\\d+\\.\\d+(?:[eE][-+]?\\d+)?)"
                            + "|(?<number>0x[0-9a-fA-F]+|\\d+)|(?<name>[A-Za-z_]\\w*)"
                            + "|\"(?<text>(?:[^\"\\\\]|\\\\.)*)\""
                            + "|(?<sign><<|>>|[-+*&|()\\[\\]{},.=]))");

    private static final Pattern ESCAPE = Pattern.compile("\\\\(.)");

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
        if (tokens.group("address") != null) return address();
        if (tokens.group("number") != null) return number(take("number"));
        if (tokens.group("real") != null) {
            return new Expression.Real(Double.parseDouble(take("real")));
        }
        if (tokens.group("text") != null) return new Expression.Text(unescaped());
        if (tokens.group("name") != null) return named(take("name"));
        if (tokens.group("hex") != null) {
            var digits = take("hex").substring("hex:".length());
            if (digits.length() % 2 != 0) throw unexpected("an even number of hex digits");
            return new Expression.Raw(HexFormat.of().parseHex(digits));
        }
        if (skip("-")) return negative(operand());
        if (skip("(")) {
            var inner = level(0);
            expect(")");
            return inner;
        }
        if (skip("{")) return new Expression.Structure(fields());
        if (skip("[")) return new Expression.Elements(elements());
        throw unexpected("a value");
    }

    private Expression address() {
        var parts = tokens.group("address").split("/", 2);
        var address = addressOf(parts[0]);
        int length = parts.length == 1 ? 0 : Integer.parseInt(parts[1]);
        int longest = address.length * Byte.SIZE;
        if (length > longest) throw unexpected("a network of at most %d bits".formatted(longest));
        advance();
        return new Expression.Address(parts.length == 1 ? address : network(length, address));
    }

    private byte[] addressOf(String text) {
        try {
            return InetAddress.ofLiteral(text).getAddress();
        } catch (IllegalArgumentException _) {
            throw unexpected("an address");
        }
    }

    private static byte[] network(int length, byte[] address) {
        return ByteBuffer.allocate(Integer.BYTES + address.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(length)
                .put(address)
                .array();
    }

    /** As they are printed: on one line, between quotes. */
    private String unescaped() {
        var escape = ESCAPE.matcher(tokens.group("text"));
        while (escape.find()) {
            if (!"nt\"\\".contains(escape.group(1))) {
                throw unexpected("n, t, a quote or a backslash behind each backslash");
            }
        }
        return ESCAPE.matcher(take("text"))
                .replaceAll(found -> Matcher.quoteReplacement(meaning(found.group(1))));
    }

    private static String meaning(String escaped) {
        return switch (escaped) {
            case "n" -> "\n";
            case "t" -> "\t";
            default -> escaped;
        };
    }

    private Expression negative(Expression of) {
        return switch (of) {
            case Expression.Real(double value) -> new Expression.Real(-value);
            case Expression.Literal(long value) when value < 0 && value != Long.MIN_VALUE ->
                    throw unexpected("a number of at most 64 bits");
            case Expression.Literal(long value) -> new Expression.Literal(-value);
            default -> new Expression.Binary("-", new Expression.Literal(0), of);
        };
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
