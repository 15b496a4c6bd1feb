package io.jsockmap.corpus.fuzz;

import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.HelperFunction;
import io.jsockmap.bpf.program.Kfunc;
import io.jsockmap.bpf.program.ProgramType;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a run does one after the other: calls, lines it prints, registers it leaves. */
final class Journal {
    private static final int LOOKUP = 1;

    private final Map<ProgramType, ProgramType> types = new HashMap<>();
    private final List<Called> calls = new ArrayList<>();
    private final List<String> printed = new ArrayList<>();
    private final List<List<Long>> exits = new ArrayList<>();

    /** A call of a helper or of a function of the kernel. */
    record Called(String name, List<Long> arguments, long result) {}

    /** The same type of programs, of which the calls are noted here. */
    ProgramType watched(ProgramType type) {
        return types.computeIfAbsent(type, this::watching);
    }

    private ProgramType watching(ProgramType type) {
        Map<Integer, Helper> helpers = new TreeMap<>();
        // A lookup need not be a call where its map is known; its result is in the registers.
        type.helpers()
                .forEach(
                        (number, helper) ->
                                helpers.put(
                                        number,
                                        number == LOOKUP
                                                ? helper
                                                : helper.doing(
                                                        watching(
                                                                helper.name(),
                                                                helper.function()))));
        var kfuncs =
                type.kfuncs().stream()
                        .map(
                                k ->
                                        new Kfunc(
                                                k.name(),
                                                k.result(),
                                                k.arguments(),
                                                k.traits(),
                                                watching(k.name(), k.function())))
                        .toList();
        return new ProgramType(
                type.name(),
                type.number(),
                type.context(),
                helpers,
                kfuncs,
                type.results(),
                type.packetAccess());
    }

    private HelperFunction watching(String name, HelperFunction function) {
        return (run, a) -> {
            var arguments = StackPointers.alike(a);
            long result = function.call(run, a);
            calls.add(new Called(name, arguments, StackPointers.alike(result)));
            return result;
        };
    }

    void prints(String line) {
        printed.add(line);
    }

    void exits(long[] registers) {
        exits.add(StackPointers.alike(registers));
    }

    void clear() {
        calls.clear();
        printed.clear();
        exits.clear();
    }

    List<Called> calls() {
        return List.copyOf(calls);
    }

    List<String> printed() {
        return List.copyOf(printed);
    }

    List<List<Long>> exits() {
        return List.copyOf(exits);
    }
}
