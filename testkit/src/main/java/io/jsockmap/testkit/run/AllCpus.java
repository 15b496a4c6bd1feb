package io.jsockmap.testkit.run;

import io.jsockmap.bpf.btf.BtfValue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * What the CPUs have in a map that has a value for each, as one value: which of them ran a program
 * is chance. Numbers are added up, in structures and arrays each for itself; of anything else there
 * is the one that was set.
 */
final class AllCpus {
    private AllCpus() {}

    /**
     * The value.
     *
     * @param all one of each CPU, at least one, all of the same type
     */
    static BtfValue together(List<BtfValue> all) {
        var first = all.getFirst();
        // Bytes of one type may be a text on one CPU, and none on another.
        boolean areAlike = all.stream().allMatch(value -> value.getClass() == first.getClass());
        if (!areAlike) return theOneSet(all);
        return switch (first) {
            case BtfValue.Numeric(long _, boolean signed) ->
                    new BtfValue.Numeric(
                            all.stream().mapToLong(v -> ((BtfValue.Numeric) v).value()).sum(),
                            signed);
            case BtfValue.Real _ ->
                    new BtfValue.Real(
                            all.stream().mapToDouble(v -> ((BtfValue.Real) v).value()).sum());
            case BtfValue.Fields(var members) -> {
                Map<String, BtfValue> sums = new LinkedHashMap<>();
                for (var name : members.keySet()) {
                    sums.put(name, together(parts(all, v -> member(v, name))));
                }
                yield new BtfValue.Fields(sums);
            }
            case BtfValue.Elements(var elements) ->
                    new BtfValue.Elements(
                            IntStream.range(0, elements.size())
                                    .mapToObj(at -> together(parts(all, v -> element(v, at))))
                                    .toList());
            default -> theOneSet(all);
        };
    }

    private static List<BtfValue> parts(List<BtfValue> all, Function<BtfValue, BtfValue> part) {
        return all.stream().map(part).toList();
    }

    private static BtfValue member(BtfValue whole, String name) {
        return ((BtfValue.Fields) whole).members().get(name);
    }

    private static BtfValue element(BtfValue whole, int at) {
        return ((BtfValue.Elements) whole).all().get(at);
    }

    /** All of those that are not zero, if they differ. */
    private static BtfValue theOneSet(List<BtfValue> all) {
        Map<String, BtfValue> set = new LinkedHashMap<>();
        for (var value : all) {
            if (!isZero(value)) set.put(value.toString(), value);
        }
        if (set.isEmpty()) return all.getFirst();
        return set.size() == 1
                ? set.values().iterator().next()
                : new BtfValue.Elements(List.copyOf(set.values()));
    }

    private static boolean isZero(BtfValue value) {
        return switch (value) {
            case BtfValue.Numeric(long number, boolean _) -> number == 0;
            case BtfValue.Real(double number) -> number == 0;
            case BtfValue.Constant(var _, long number) -> number == 0;
            case BtfValue.Bool(boolean truth) -> !truth;
            case BtfValue.Address(long number) -> number == 0;
            case BtfValue.Text(var text) -> text.isEmpty();
            case BtfValue.Fields(var members) ->
                    members.values().stream().allMatch(AllCpus::isZero);
            case BtfValue.Elements(var elements) -> elements.stream().allMatch(AllCpus::isZero);
            case BtfValue.Raw(var bytes) -> Arrays.equals(bytes, new byte[bytes.length]);
        };
    }
}
