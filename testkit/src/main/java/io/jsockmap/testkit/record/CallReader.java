package io.jsockmap.testkit.record;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.memory.Memory;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.Helper.Argument;
import io.jsockmap.bpf.program.Helper.Result;
import io.jsockmap.bpf.program.Kfunc;
import io.jsockmap.bpf.program.ProgramType;
import io.jsockmap.bpf.program.Run;
import io.jsockmap.testkit.text.ByteText;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts a call of a helper into words, right after it. */
final class CallReader {
    private static final int MAX_ERRNO = 4095;

    /** Bytes of a text that are looked at. */
    private static final int MOST_TEXT = 256;

    private final Memory memory;
    private final Optional<Btf> types;
    private final Names names;
    private final long[] arguments;
    private Optional<BpfMap> map = Optional.empty();

    /** What an address points to, in words. */
    interface Names {
        Optional<String> of(long address);
    }

    private record Prototype(List<Argument> arguments, Result result) {
        static final Prototype UNKNOWN = new Prototype(List.of(), Result.NUMBER);
    }

    private CallReader(Run run, Names names, long[] arguments) {
        memory = run.memory();
        types = run.program().debug().types();
        this.names = names;
        this.arguments = arguments;
    }

    static HelperCall read(
            int step,
            Run run,
            Instruction call,
            String name,
            long[] arguments,
            long result,
            Names names) {
        var prototype = prototype(run.program().type(), call, name);
        var reader = new CallReader(run, names, arguments);
        return new HelperCall(
                step,
                name,
                reader.arguments(prototype.arguments()),
                new Named("", result, reader.result(prototype.result(), result)));
    }

    private static Prototype prototype(ProgramType type, Instruction call, String name) {
        if (!(call.operation() instanceof Operation.Call(var callee))) return Prototype.UNKNOWN;
        return switch (callee) {
            case HELPER ->
                    type.helper((int) call.immediate())
                            .map(CallReader::of)
                            .orElse(Prototype.UNKNOWN);
            case KFUNC ->
                    type.kfunc(call.immediate()).map(CallReader::of).orElse(Prototype.UNKNOWN);
            case REGISTER, LOCAL ->
                    type.helpers().values().stream()
                            .filter(helper -> helper.name().equals(name))
                            .findFirst()
                            .map(CallReader::of)
                            .orElse(Prototype.UNKNOWN);
        };
    }

    private static Prototype of(Helper helper) {
        return new Prototype(helper.arguments(), helper.result());
    }

    private static Prototype of(Kfunc kfunc) {
        return new Prototype(kfunc.arguments(), kfunc.result());
    }

    private List<Named> arguments(List<Argument> kinds) {
        List<Named> all = new ArrayList<>();
        for (int i = 0; i < kinds.size(); i++) {
            if (kinds.get(i) == Argument.MAP) map = Reading.map(memory, arguments[i]);
            all.add(argument(kinds.get(i), i));
        }
        return all;
    }

    private Named argument(Argument kind, int place) {
        long value = arguments[place];
        return switch (kind) {
            case MAP -> named("map", value, map.map(BpfMap::name).orElseGet(() -> plain(value)));
            case KEY -> named("key", value, key(value));
            case VALUE, VALUE_OR_NULL, VALUE_TO_FILL -> named("value", value, mapValue(value));
            case READABLE, READABLE_OR_NULL, WRITABLE, WRITABLE_OR_NULL, WRITABLE_VALUE ->
                    named("", value, memoryText(place));
            case SIZE, SIZE_OR_ZERO, MEMORY_SIZE, CONSTANT_SIZE ->
                    named("size", value, Long.toString(value));
            case TEXT -> named("", value, zeroEnded(value));
            default -> named("", value, plain(value));
        };
    }

    private static Named named(String name, long value, String text) {
        return new Named(name, value, text);
    }

    private String plain(long value) {
        return names.of(value).orElseGet(() -> Pointers.numberText(value));
    }

    private String key(long address) {
        return map.flatMap(m -> Reading.bytes(memory, address, m.keySize()))
                .map(bytes -> typed(map.get().definition().keyType(), bytes))
                .orElseGet(() -> plain(address));
    }

    private String mapValue(long address) {
        return map.flatMap(m -> Reading.bytes(memory, address, m.valueSize()))
                .map(bytes -> typed(map.get().definition().valueType(), bytes))
                .orElseGet(() -> plain(address));
    }

    private String typed(int type, byte[] bytes) {
        return Reading.value(types, type, bytes).toString();
    }

    /** Where it lies and what is there; what a helper has written is there by now. */
    private String memoryText(int place) {
        long address = arguments[place];
        long size = place + 1 < arguments.length ? arguments[place + 1] : 0;
        var content = address == 0 || size <= 0 ? Optional.<byte[]>empty() : bytes(address, size);
        return plain(address) + content.map(bytes -> ": " + ByteText.of(bytes)).orElse("");
    }

    private Optional<byte[]> bytes(long address, long size) {
        return Reading.bytes(memory, address, size);
    }

    private String zeroEnded(long address) {
        var text = new StringBuilder();
        while (text.length() < MOST_TEXT) {
            var next = Reading.bytes(memory, address + text.length(), 1);
            if (next.isEmpty() || next.get()[0] == 0) break;
            text.append((char) (next.get()[0] & 0xff));
        }
        return ByteText.of(text.toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    private String result(Result kind, long value) {
        return switch (kind) {
            case NOTHING -> "";
            case NUMBER -> numberText(value);
            case VALUE_OR_NULL -> value == 0 ? "NULL" : plain(value) + valueAt(value);
            default -> value == 0 ? "NULL" : plain(value);
        };
    }

    private static String numberText(long value) {
        boolean isError = value < 0 && value >= -MAX_ERRNO;
        return isError
                ? "%d (%s)".formatted(value, Errno.nameOf((int) -value))
                : Pointers.numberText(value);
    }

    private String valueAt(long address) {
        return map.flatMap(m -> bytes(address, m.valueSize()))
                .map(bytes -> ": " + typed(map.get().definition().valueType(), bytes))
                .orElse("");
    }
}
