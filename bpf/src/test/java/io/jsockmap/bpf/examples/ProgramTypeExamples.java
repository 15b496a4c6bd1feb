package io.jsockmap.bpf.examples;

import static io.jsockmap.bpf.examples.Numbers.u32;
import static io.jsockmap.bpf.examples.Numbers.u64;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Engines;
import io.jsockmap.bpf.insn.Assembler;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.HashMap;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.ProgramElement;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.program.CallTrait;
import io.jsockmap.bpf.program.Callback;
import io.jsockmap.bpf.program.Content;
import io.jsockmap.bpf.program.ContextField;
import io.jsockmap.bpf.program.ContextLayout;
import io.jsockmap.bpf.program.ContextRegion;
import io.jsockmap.bpf.program.Debug;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.HelperFunction;
import io.jsockmap.bpf.program.HelperNumbers;
import io.jsockmap.bpf.program.Kfunc;
import io.jsockmap.bpf.program.Loads;
import io.jsockmap.bpf.program.Machine;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramType;
import io.jsockmap.bpf.program.Structure;
import io.jsockmap.bpf.verifier.Options;
import io.jsockmap.bpf.verifier.Verifier;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** How a type of program is made: what it sees, and what it may call. */
class ProgramTypeExamples {
    private final Machine machine = Engines.tested();

    /** What programs of the types below are about. */
    private static final class Request {
        private final int bytes;
        private long priority;

        private Request(int bytes) {
            this.bytes = bytes;
        }
    }

    @Test
    void aTypeSaysWhatItsProgramsSee() {
        // @start region="layout"
        ContextLayout<Request> layout =
                ContextLayout.<Request>of("struct request", 8)
                        .exact(0, 4, "bytes", request -> request.bytes)
                        .field(
                                4,
                                4,
                                "priority",
                                Loads.NARROW,
                                (request, _) -> request.priority,
                                (request, value) -> request.priority = value)
                        .build();
        ProgramType type = new ProgramType("request", 1, layout, Map.of()).returning(0, 1);

        ContextField<Request> priority = layout.field(4).orElseThrow();
        assertThat(priority.mayStore(4, 4)).isTrue();
        // @end
        var code = Assembler.assemble("r2 = 9\n*(u32 *)(r1 + 4) = r2\nr0 = 1\nexit");
        var program = Verifier.verify(Program.of("raise", type, code), Options.DEFAULT).accepted();
        var request = new Request(100);
        machine.run(program, Environment.system(), new ContextRegion<>("ctx", layout, request));
        assertThat(request.priority).isEqualTo(9);
    }

    @Test
    void aFieldMayPointToAStructure() {
        // @start region="structure"
        Structure socket =
                Structure.socket(
                        "sock",
                        ContextLayout.<Message>of("struct bpf_sock", 4)
                                .exact(0, 4, "port", Message::port)
                                .build());
        Content pointer = new Content.Pointer(socket, true); // to be compared with null
        ContextLayout<Request> layout =
                ContextLayout.<Request>of("struct request", 8)
                        .pointer(0, 8, "sk", pointer, (_, _) -> 0)
                        .build();
        // @end
        var type = new ProgramType("request", 1, layout, Map.of());
        var unchecked = "r2 = *(u64 *)(r1 + 0)\nr0 = *(u32 *)(r2 + 0)\nexit";
        var checked =
                "r2 = *(u64 *)(r1 + 0)\nr0 = 0\nif r2 == 0 goto +1\nr0 = *(u32 *)(r2 + 0)\nexit";
        assertThat(isAccepted(type, unchecked)).isFalse();
        assertThat(isAccepted(type, checked)).isTrue();
    }

    private static boolean isAccepted(ProgramType type, String text) {
        var program = Program.of("judge", type, Assembler.assemble(text));
        return Verifier.verify(program, Options.DEFAULT).isAccepted();
    }

    @Test
    void aTypeSaysWhatItsProgramsCall() {
        ContextLayout<Request> layout = ContextLayout.<Request>of("struct request", 8).build();
        // @start region="helper"
        HelperFunction setPriority =
                (run, registers) -> {
                    Request request = run.context(registers[0], Request.class);
                    request.priority = registers[1];
                    return 0;
                };
        Helper helper =
                Helper.of(
                                HelperNumbers.APPLY_BYTES,
                                setPriority,
                                Helper.Result.NUMBER,
                                Helper.Argument.CONTEXT,
                                Helper.Argument.NUMBER)
                        .with(CallTrait.GPL_ONLY);
        // @end
        // @start region="kfunc"
        Kfunc drop =
                Kfunc.of(
                        "request_drop",
                        (_, _) -> 0,
                        Helper.Result.NOTHING,
                        Helper.Argument.CONTEXT);
        Map<Integer, Helper> helpers = Helper.table(List.of(helper));
        ProgramType type = new ProgramType("request", 1, layout, helpers, List.of(drop));
        // @end
        assertThat(type.placeOfKfunc("request_drop")).hasValue(1);
        var program = Program.of("raise", type, Assembler.assemble("r2 = 5\ncall 61\nexit"));
        var verified = Verifier.verify(program, Options.DEFAULT).accepted();
        var request = new Request(100);
        machine.run(verified, Environment.system(), new ContextRegion<>("ctx", layout, request));
        assertThat(request.priority).isEqualTo(5);
    }

    @Test
    void aHelperWalksThroughAMapOfTheProgram() {
        // @start region="element"
        HelperFunction countLong =
                (run, registers) -> {
                    BpfMap map = run.map(registers[0]);
                    Iterator<ProgramElement> elements = map.elementsFromProgram().orElseThrow();
                    long count = 0;
                    while (elements.hasNext()) {
                        ProgramElement element = elements.next();
                        if (element.key()[0] > 100) count++;
                    }
                    return count;
                };
        // @end
        var helper = Helper.of(1000, countLong, Helper.Result.NUMBER, Helper.Argument.MAP);
        var flows = new HashMap(MapDefinition.of("flows", MapType.HASH, 4, 8, 100));
        for (int key : new int[] {1, 100, 101, 102}) {
            flows.update(u32(key), u64(0), UpdateFlag.ANY);
        }
        assertThat(run(helper, "r1 = map[fd:0]\ncall 1000\nexit", flows)).isEqualTo(2);
    }

    @Test
    void aHelperCallsAFunctionOfTheProgramLater() {
        // @start region="callback"
        List<Callback> later = new ArrayList<>();
        HelperFunction defer =
                (run, registers) -> {
                    later.add(run.callback(registers[0]));
                    return 0;
                };
        Helper helper = Helper.of(1000, defer, Helper.Result.NUMBER, Helper.Argument.FUNCTION);
        // @end
        var text = "r1 = subprog[+4]\ncall 1000\nr0 = 0\nexit\nr0 = 42\nexit";
        assertThat(run(helper, text)).isZero();
        assertThat(later.getFirst().run().value()).isEqualTo(42);
    }

    private long run(Helper helper, String text, BpfMap... maps) {
        var layout = ContextLayout.<Request>of("struct request", 8).build();
        var type = new ProgramType("request", 1, layout, Helper.table(List.of(helper)));
        var code = Assembler.assemble(text);
        var program = new Program("test", type, code, List.of(maps), Debug.NONE);
        var context = new ContextRegion<>("ctx", layout, new Request(100));
        return machine.run(program, Environment.system(), context).value();
    }
}
