package io.jsockmap.testkit.debug;

import io.jsockmap.bpf.btf.BtfValue;
import io.jsockmap.testkit.record.MapState;
import io.jsockmap.testkit.record.Named;

import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What one can ask for by name: {@code r1}, an argument, a field of the context ({@code size},
 * {@code msg->size}), a global variable, a map, {@code map[key]}, and members of these ({@code
 * kinds[80].bytes}).
 */
final class Expression {
    private static final Pattern CONTEXT = Pattern.compile("\\w+(?:->|\\.)(.+)");
    private static final Pattern ELEMENT = Pattern.compile("([\\w.]+)\\[(.*)](.*)");
    private static final Pattern MEMBERS = Pattern.compile("(\\w+)((?:\\.\\w+)*)");

    private final View view;

    private Expression(View view) {
        this.view = view;
    }

    /**
     * Its value at a moment, in a function of {@link View#frames}; empty if nothing is called so.
     */
    static Optional<String> value(String text, View view, int frame) {
        var expression = new Expression(view);
        var wanted = text.strip();
        return expression
                .named(view.registers(frame), wanted)
                .or(() -> expression.named(view.frames().get(frame).arguments(), wanted))
                .or(() -> expression.global(wanted))
                .or(() -> expression.element(wanted))
                .or(() -> expression.map(wanted))
                .or(() -> expression.context(wanted));
    }

    private Optional<String> named(Iterable<Named> all, String name) {
        for (var one : all) {
            if (one.name().equals(name)) return Optional.of(one.text());
        }
        return Optional.empty();
    }

    private Optional<String> context(String text) {
        var field = CONTEXT.matcher(text);
        var name = field.matches() ? field.group(1) : text;
        return named(view.run().context(), name);
    }

    private Optional<String> global(String text) {
        var parts = MEMBERS.matcher(text);
        if (!parts.matches()) return Optional.empty();
        return view.globals().stream()
                .flatMap(section -> section.entries().stream())
                .filter(variable -> variable.key().equals(parts.group(1)))
                .findFirst()
                .flatMap(variable -> member(variable.value(), parts.group(2)))
                .map(BtfValue::toString);
    }

    private Optional<String> element(String text) {
        var parts = ELEMENT.matcher(text);
        if (!parts.matches()) return Optional.empty();
        return maps(parts.group(1))
                .flatMap(map -> map.entries().stream())
                .filter(entry -> plain(entry.key()).equals(plain(parts.group(2))))
                .findFirst()
                .flatMap(entry -> member(entry.value(), parts.group(3)))
                .map(BtfValue::toString);
    }

    private Stream<MapState> maps(String name) {
        return view.maps().stream().filter(map -> map.name().equals(name));
    }

    /** Spaces don't count. */
    private static String plain(String key) {
        return key.replace(" ", "");
    }

    private static Optional<BtfValue> member(BtfValue value, String path) {
        var found = Optional.of(value);
        for (var name : path.split("\\.", -1)) {
            if (name.isEmpty()) continue;
            found =
                    found.flatMap(
                            whole ->
                                    whole instanceof BtfValue.Fields(var members)
                                            ? Optional.ofNullable(members.get(name))
                                            : Optional.empty());
        }
        return found;
    }

    private Optional<String> map(String name) {
        return maps(name)
                .findFirst()
                .map(
                        map ->
                                map.entries().stream()
                                        .map(entry -> entry.key() + ": " + entry.value())
                                        .collect(Collectors.joining(", ", "{", "}")));
    }
}
