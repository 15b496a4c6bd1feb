package io.jsockmap.kernel.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.insn.Assembler;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.program.ContextLayout;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramType;
import io.jsockmap.kernel.Effort;
import io.jsockmap.kernel.KernelAnswer;
import io.jsockmap.kernel.KernelRun;
import io.jsockmap.kernel.KernelVerifier;
import io.jsockmap.kernel.doctor.Finding;
import io.jsockmap.kernel.doctor.KernelChecks;
import io.jsockmap.kernel.engine.KernelEngine;
import io.jsockmap.kernel.engine.KernelSocket;
import io.jsockmap.kernel.engine.Provider;
import io.jsockmap.kernel.inspect.KernelObjects;
import io.jsockmap.kernel.inspect.LinkInfo;
import io.jsockmap.kernel.inspect.MapInfo;
import io.jsockmap.kernel.inspect.ProgramInfo;
import io.jsockmap.sockmap.EngineProvider;
import io.jsockmap.sockmap.program.SocketPrograms;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the running kernel is asked, and what it has: no traffic goes through its maps. */
class KernelExamples {
    private static final Path OBJECT =
            Path.of(System.getProperty("jsockmap.root", ".."))
                    .resolve("examples/port-policy/port-policy.bpf.o");

    private static void assumeBpfIsPermitted() {
        var availability = KernelVerifier.availability();
        assumeTrue(availability.usable(), availability::reason);
    }

    // @start region="verify"
    /** What the kernel's verifier says of a program, for people. */
    private static String opinionOf(Program program) {
        KernelAnswer answer = KernelVerifier.verify(program, 0);
        if (!answer.accepted()) return "%s: %s".formatted(answer.errnoName(), answer.reason());
        Effort effort = answer.effort().orElseThrow();
        return "accepted, having looked at %d instructions".formatted(effort.instructions());
    }

    // @end

    @Test
    void theKernelsVerifierIsAskedAndNothingIsKept() {
        assumeBpfIsPermitted();
        var good = Assembler.assemble("r0 = 1\nexit");
        var bad = Assembler.assemble("r0 = r5\nexit");

        assertThat(opinionOf(Program.of("good", SocketPrograms.SK_MSG, good)))
                .isEqualTo("accepted, having looked at 2 instructions");
        assertThat(opinionOf(Program.of("bad", SocketPrograms.SK_MSG, bad)))
                .isEqualTo("EACCES: R5 !read_ok");
    }

    @Test
    void aProgramRunsInTheKernelOnBytesThatAreMadeUp() {
        assumeBpfIsPermitted();
        var context = ContextLayout.of("struct __sk_buff", 192).build();
        var schedCls = new ProgramType("sched_cls", 3, context, Map.of());

        // @start region="run"
        // The length of the packet, by the first field of struct __sk_buff.
        var code = Assembler.assemble("r0 = *(u32 *)(r1 + 0)\nexit");
        try (KernelRun run = KernelRun.open(Program.of("length", schedCls, code))) {
            KernelRun.Result result = run.run(new byte[60], 1000); // so often
            assertThat(result.value()).isEqualTo(60);
            assertThat(result.nanoseconds()).isNotNegative(); // of one of them
        }
        // @end
    }

    @Test
    void theDoctorSaysWhatAMachineLacks() {
        List<String> missing = new ArrayList<>();

        // @start region="doctor"
        for (Finding finding : KernelChecks.all()) {
            if (finding.state() == Finding.State.YES) continue;
            missing.add(
                    "%s, for %s: %s"
                            .formatted(finding.subject(), finding.enables(), finding.detail()));
        }
        // @end

        boolean permitted = KernelVerifier.availability().usable();
        assertThat(missing.stream().noneMatch(line -> line.startsWith("bpf(2), for ")))
                .isEqualTo(permitted);
    }

    @Test
    void theKernelsMapsAreWrittenAndReadAsThoseInUserSpace() {
        assumeBpfIsPermitted();

        // @start region="engine"
        try (KernelEngine engine = KernelEngine.open()) {
            BpfMap ports = engine.create(MapDefinition.of("ports", MapType.HASH, 4, 4, 8));
            byte[] port = {80, 0, 0, 0};
            ports.update(port, new byte[] {1, 0, 0, 0}, UpdateFlag.NOEXIST);

            // A map that anybody has made, by its id, as bpftool map dump id does.
            BpfMap same = engine.map(ports.id());
            assertThat(same.lookup(port)).contains(new byte[] {1, 0, 0, 0});
        }
        // @end
    }

    @Test
    void theModuleIsFoundByItsProvider() {
        // @start region="provider"
        // What SockmapEngine.kernel() opens; the module path and the class path both have it.
        EngineProvider found = EngineProvider.kernel();
        assertThat(found).isInstanceOf(Provider.class);
        assertThat(found.name()).isEqualTo("kernel");
        // @end
    }

    @Test
    void whatTheKernelHasIsListedWhoeverLoadedIt() {
        assumeBpfIsPermitted();
        try (var engine = KernelEngine.open();
                var object = engine.load(OBJECT)) {
            var listed = new ArrayList<String>();
            try {
                // @start region="inspect"
                for (ProgramInfo program : KernelObjects.programs()) {
                    listed.add("program %s (%s)".formatted(program.name(), program.typeName()));
                }
                for (MapInfo map : KernelObjects.maps()) {
                    listed.add("map " + map.definition().name());
                }
                for (LinkInfo link : KernelObjects.links()) {
                    listed.add("link %d of program %d".formatted(link.id(), link.program()));
                }
                // @end
            } catch (BpfException e) {
                assumeTrue(false, e.getMessage()); // without CAP_SYS_ADMIN
            }
            assertThat(listed)
                    .contains("program port_policy (sk_msg)", "map sockets", "map allowed_ports");
            assertThat(object.programs()).containsOnlyKeys("port_policy");
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aChannelsSocketIsLookedAtWithoutReadingIt() throws IOException {
        var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (var server = ServerSocketChannel.open().bind(loopback);
                var channel = SocketChannel.open(server.getLocalAddress());
                var peer = server.accept()) {
            peer.write(ByteBuffer.wrap("hello".getBytes(StandardCharsets.US_ASCII)));

            // @start region="socket"
            KernelSocket socket = KernelSocket.of(channel); // as the engine's maps take it
            assertThat(socket.cookie()).isPositive();
            ByteBuffer seen = ByteBuffer.allocate(4);
            if (socket.awaitReadable(Duration.ofSeconds(60))) socket.peek(seen);
            assertThat(seen.array()).isEqualTo("hell".getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.available()).isEqualTo(5);
            // @end
        }
    }
}
