package io.jsockmap.sockmap.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.Cpu;
import io.jsockmap.bpf.program.CallTrait;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.Helper.Argument;
import io.jsockmap.bpf.program.Helper.Range;
import io.jsockmap.bpf.program.ProgramType;
import io.jsockmap.bpf.program.ProgramType.PacketAccess;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tables of helpers say what Linux's verifier was seen to know of them. */
class KernelHelpersTest {
    /** What Linux knows of a helper by its number alone. */
    private static final Set<CallTrait> BY_NUMBER = Set.of(CallTrait.LOOKS_UP, CallTrait.USES_CPU);

    private static final String NOT_OFFERED = ": not offered";

    private static ProgramType type(String name) {
        return Stream.of(SocketPrograms.SK_MSG, SocketPrograms.SK_SKB, SocketPrograms.SOCK_OPS)
                .filter(type -> type.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> rows(String type) {
        return KernelRows.of("helpers.txt").stream()
                .filter(row -> row.startsWith(type + " "))
                .toList();
    }

    private static String row(ProgramType type, Helper helper) {
        var words =
                Stream.of(
                                Stream.of(
                                        type.name(),
                                        String.valueOf(helper.number()),
                                        helper.name().replaceFirst("bpf_", "") + ":"),
                                helper.arguments().stream().map(KernelHelpersTest::word),
                                Stream.of("->", result(helper)),
                                traits(type, helper))
                        .flatMap(part -> part);
        return words.collect(Collectors.joining(" "));
    }

    /** Both mean that any register will do. */
    private static String word(Argument argument) {
        return (argument == Argument.ANYTHING ? Argument.NUMBER : argument).name();
    }

    private static String result(Helper helper) {
        var structure = helper.structure().map(s -> "(" + s.name() + ")").orElse("");
        var range =
                helper.range()
                        .map(
                                r ->
                                        switch (r) {
                                            case Range.Between(var min, var max) ->
                                                    "(%d..%s)"
                                                            .formatted(
                                                                    min,
                                                                    max == Cpu.COUNT - 1L
                                                                            ? "cpus"
                                                                            : max);
                                            case Range.UpToSize(var min) ->
                                                    "(%d..size)".formatted(min);
                                        })
                        .orElse("");
        return helper.result() + structure + range;
    }

    private static Stream<String> traits(ProgramType type, Helper helper) {
        boolean seen = type.packetAccess() == PacketAccess.WRITE;
        return helper.traits().stream()
                .filter(trait -> !BY_NUMBER.contains(trait))
                .filter(trait -> seen || trait != CallTrait.PACKET_ARGUMENTS)
                .map(CallTrait::name)
                .sorted();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sk_msg", "sk_skb", "sock_ops"})
    void rowsAreLinuxs(String name) {
        var ours = type(name).helpers().values().stream().map(helper -> row(type(name), helper));

        assertThat(ours)
                .containsExactlyElementsOf(
                        rows(name).stream().filter(row -> !row.endsWith(NOT_OFFERED)).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"sk_msg", "sk_skb", "sock_ops"})
    void functionsOfTheKernelAreLinuxs(String name) {
        var ours =
                type(name).kfuncs().stream()
                        .map(
                                kfunc ->
                                        Stream.of(
                                                        Stream.of(kfunc.name() + ":"),
                                                        kfunc.arguments().stream()
                                                                .map(Argument::name),
                                                        Stream.of("->", kfunc.result().name()),
                                                        kfunc.traits().stream()
                                                                .map(CallTrait::name)
                                                                .sorted())
                                                .flatMap(part -> part)
                                                .collect(Collectors.joining(" ")));

        assertThat(ours).containsExactlyInAnyOrderElementsOf(KernelRows.of("kfuncs.txt"));
    }

    @Test
    void expectedRegistersAreNamedLikeLinuxs() {
        var ours =
                Stream.of(Argument.values())
                        .filter(argument -> argument.expected().isPresent())
                        .map(argument -> argument + ": " + argument.expected().orElseThrow());

        assertThat(ours).containsExactlyInAnyOrderElementsOf(KernelRows.of("arguments.txt"));
    }

    @Test
    void whatIsNotOfferedIsListed() {
        var missing =
                KernelRows.of("helpers.txt").stream().filter(row -> row.endsWith(NOT_OFFERED));

        assertThat(missing)
                .isNotEmpty()
                .allSatisfy(
                        row -> {
                            var words = row.split("[ :]", -1);
                            assertThat(type(words[0]).helper(Integer.parseInt(words[1]))).isEmpty();
                        });
    }
}
