package io.jsockmap.docs;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A class of tests, or a test, with the name that people read.
 *
 * @param type the class, with those around it
 * @param method the method, or nothing for the class itself
 * @param title the name
 */
record NamedTest(String type, String method, String title) {
    private static final Pattern CASE = Pattern.compile("(C\\d\\d)[A-Z]\\w*Test");

    /** The rules and cases that it proves. */
    List<Rule> rules() {
        return Rule.inName(title);
    }

    /** All that a source file names. A class that is called after a case is named by it. */
    static List<NamedTest> in(String source) {
        return new Reader(source).read();
    }

    /** Knows as much of the language as it takes to find classes, methods and their names. */
    private static final class Reader {
        private static final Pattern TOKEN =
                Pattern.compile(
                        "\"\"\"(?s:.*?)(?<!\\\\)\"\"\""
                                + "|\"(?:\\\\.|[^\"\\\\\\n])*+\""
                                + "|'(?:\\\\.|[^'\\\\\\n])*+'"
                                + "|//[^\\n]*"
                                + "|/\\*(?s:.*?)\\*/"
                                + "|@?[A-Za-z_]\\w*"
                                + "|\\S");

        private static final List<String> TYPES = List.of("class", "record", "interface", "enum");

        private record Type(String name, int depth) {}

        private final List<String> tokens;
        private final Deque<Type> types = new ArrayDeque<>();
        private final List<NamedTest> found = new ArrayList<>();
        private int at;
        private int depth;

        /** The type that begins with the next brace, or null. */
        private String begins;

        /** The name of what is declared next, or null. */
        private String title;

        Reader(String source) {
            tokens =
                    TOKEN.matcher(source)
                            .results()
                            .map(MatchResult::group)
                            .filter(token -> !token.startsWith("//") && !token.startsWith("/*"))
                            .toList();
        }

        List<NamedTest> read() {
            for (at = 0; at < tokens.size(); at++) {
                var token = tokens.get(at);
                if (token.equals("{")) open();
                else if (token.equals("}")) close();
                else if (token.startsWith("@") && next().equals("(")) annotation(token);
                else if (isType(token)) type(next());
                else if (title != null && isName(token) && next().equals("(")) name(token);
            }
            return found;
        }

        private void open() {
            if (begins != null) types.push(new Type(begins, depth));
            begins = null;
            depth++;
        }

        private void close() {
            depth--;
            if (!types.isEmpty() && types.peek().depth == depth) types.pop();
        }

        private void annotation(String name) {
            int start = at + 1;
            int open = 0;
            do {
                at++;
                if (tokens.get(at).equals("(")) open++;
                if (tokens.get(at).equals(")")) open--;
            } while (open > 0);
            if (name.equals("@DisplayName")) title = text(tokens.subList(start, at));
        }

        private static String text(List<String> tokens) {
            var text = new StringBuilder();
            for (var token : tokens) {
                if (token.startsWith("\"")) text.append(token, 1, token.length() - 1);
            }
            return text.toString().translateEscapes();
        }

        private boolean isType(String token) {
            return TYPES.contains(token)
                    && isName(next())
                    && (at == 0 || !tokens.get(at - 1).equals("."));
        }

        private void type(String name) {
            begins = types.isEmpty() ? name : types.peek().name + "." + name;
            var ofCase = CASE.matcher(name);
            if (ofCase.matches()) title = ofCase.group(1) + ": " + (title == null ? "" : title);
            if (title != null) found.add(new NamedTest(begins, "", title));
            title = null;
            at++;
        }

        private void name(String method) {
            found.add(new NamedTest(types.isEmpty() ? "" : types.peek().name, method, title));
            title = null;
        }

        private static boolean isName(String token) {
            return Character.isJavaIdentifierStart(token.charAt(0));
        }

        private String next() {
            return at + 1 < tokens.size() ? tokens.get(at + 1) : "";
        }
    }
}
