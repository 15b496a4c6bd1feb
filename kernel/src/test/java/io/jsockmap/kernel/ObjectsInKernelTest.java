package io.jsockmap.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.btf.BtfType;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.bpf.object.ObjectReader;
import io.jsockmap.kernel.load.ObjectTypes;
import io.jsockmap.sockmap.UserEngine;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Objects as clang makes them, with types, data and many functions. */
class ObjectsInKernelTest {
    private static final Path ROOT = Path.of(System.getProperty("jsockmap.root", ".."));

    static List<Path> examples() throws IOException {
        try (var files = Files.walk(ROOT.resolve("examples"))) {
            return files.filter(file -> file.toString().endsWith(".bpf.o")).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void theKernelAcceptsEachProgramOfTheExamples(Path file) {
        var availability = KernelVerifier.availability();
        assumeTrue(availability.usable(), availability::reason);
        try (var engine = UserEngine.open()) {
            var object = engine.load(ObjectReader.read(file), LoadOptions.DEFAULT);

            assertThat(object.programs()).isNotEmpty();
            for (var program : object.programs().values()) {
                var answer = KernelVerifier.verify(program, 0);
                assertThat(answer.accepted()).as("%s: %s", program, answer.log()).isTrue();
            }
        }
    }

    @Test
    void typesKeepTheirNumbersWhenTheKernelGetsThem() {
        var file = ROOT.resolve("bpf/src/test/resources/objects/externs.bpf.o");
        var types = ObjectReader.read(file).btf().orElseThrow();

        var changed = Btf.read(ObjectTypes.forKernel(types.section(), List.of()));

        assertThat(changed.size()).isEqualTo(types.size());
        int replaced = 0;
        for (int number = 0; number < types.size(); number++) {
            if (isLeftOpen(types.type(number))) {
                replaced++;
                assertThat(changed.type(number))
                        .isEqualTo(new BtfType.Struct("", 0, List.of(), false));
            } else {
                assertThat(changed.type(number)).isEqualTo(types.type(number));
            }
        }
        assertThat(replaced).isPositive();
    }

    /** What only the linker of an object knows. */
    private static boolean isLeftOpen(BtfType type) {
        return switch (type) {
            case BtfType.Variable _, BtfType.DataSection _ -> true;
            case BtfType.Function function -> function.linkage() == BtfType.Linkage.EXTERNAL;
            default -> false;
        };
    }
}
