package io.jsockmap.cli;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.helper.BaseHelpers;
import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.memory.ByteRegion;
import io.jsockmap.bpf.program.ContextLayout;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramType;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.Callable;

/**
 * {@code jsockmap exec}: runs bare instructions, as plug-ins of the public conformance suite do.
 */
@Command(
        name = "exec",
        description = {
            "Runs instructions, whose bytes in hex come on standard input, and prints R0 in hex.",
            "R1 points to the memory and R2 has its length. This is the plug-in convention of the",
            "public eBPF conformance suite."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  echo 'b7 00 00 00 2a 00 00 00 95 00 00 00 00 00 00 00' | jsockmap exec")
final class ExecCommand implements Callable<Integer> {
    private static final ProgramType PLAIN =
            new ProgramType(
                    "plain",
                    0,
                    ContextLayout.of("nothing", 0).build(),
                    Helper.table(BaseHelpers.ALL));

    @Spec private CommandSpec spec;
    @Mixin private EngineOption engineOption;

    @Parameters(
            arity = "0..1",
            paramLabel = "MEMORY",
            defaultValue = "",
            description = "what R1 points to, in hex")
    private String memory;

    @Override
    public Integer call() throws IOException {
        var input = new String(System.in.readAllBytes(), StandardCharsets.US_ASCII);
        var program = Program.of("exec", PLAIN, Code.decode(hex("standard input", input)));
        var region = ByteRegion.of("memory", MemorySegment.ofArray(hex("MEMORY", memory)));
        var result =
                engineOption.atOnce().run(program, Environment.system(), region, region.size());
        spec.commandLine().getOut().println(Long.toHexString(result.value()));
        return ExitCode.OK;
    }

    private static byte[] hex(String where, String text) {
        try {
            return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
        } catch (IllegalArgumentException e) {
            throw new BpfException(
                    Errno.EINVAL, "%s is not hex: %s".formatted(where, e.getMessage()), e);
        }
    }
}
