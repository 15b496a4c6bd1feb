package io.jsockmap.sockmap.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.Admission;
import io.jsockmap.sockmap.Attachment;
import io.jsockmap.sockmap.Capability;
import io.jsockmap.sockmap.EngineProvider;
import io.jsockmap.sockmap.Scope;
import io.jsockmap.sockmap.SockmapEngine;
import io.jsockmap.sockmap.SockmapObject;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.SockMap;
import io.jsockmap.sockmap.map.UserSockHash;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Engines;
import io.jsockmap.sockmap.network.Network;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SockmapSocket;
import io.jsockmap.sockmap.socket.Transport;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How objects are loaded into an engine, and which sockets their programs judge. */
class EngineExamples extends NetworkTest {
    private static final Path ROOT = Path.of(System.getProperty("jsockmap.root", ".."));
    private static final Path PROGRAMS = ROOT.resolve("sockmap/src/test/resources/programs");

    private final UserEngine.Settings settings = Engines.SETTINGS;
    private final Addresses addresses = Network.addresses("10.0.0.1", 80, "10.0.0.2", 40_000);
    private final Transport transport = Transport.NONE;
    private final List<String> log = new ArrayList<>();

    // @start region="load"
    /** Has a socket judged by a program; of SockmapEngine.user(), kernel() and auto() alike. */
    private static SockmapObject police(SockmapEngine engine, Path file, SockmapSocket socket) {
        SockmapObject object = engine.load(file);
        AttachType where = object.attachType("port_policy").orElseThrow();
        SockMap sockets = object.sockMap("sockets");
        sockets.attach(object.program("port_policy"), where);
        sockets.update(0, socket, UpdateFlag.NOEXIST);
        return object;
    }

    // @end

    @Test
    void anObjectsProgramIsAttachedWhereItsSectionSays() {
        var upstream = network.connected();

        var file = ROOT.resolve("examples/port-policy/port-policy.bpf.o");
        try (var object = police(network.engine(), file, upstream.socket())) {
            assertThat(object.sockMap("sockets").attached(AttachType.SK_MSG_VERDICT))
                    .contains(object.program("port_policy"));
            assertThat(upstream.socket().programs().msg()).isNotNull();
        }
    }

    @Test
    void whoNeedsWhatTheKernelHasSaysSoWhereItIsNotThere() {
        // @start region="choose"
        SockmapEngine engine;
        try {
            engine = EngineProvider.kernel().open();
        } catch (BpfException e) { // ENODEV without io.jsockmap.kernel, EPERM without CAP_BPF
            log.add(e.getMessage());
            engine = UserEngine.open(settings);
        }
        Set<Capability> missing = EnumSet.of(Capability.VERDICTS, Capability.OFFLOAD);
        missing.removeAll(engine.capabilities());
        for (Capability capability : missing) {
            log.add("no engine that %s: it is %s".formatted(capability.text(), engine.name()));
        }
        // @end

        assertThat(log)
                .containsExactly(
                        "ENODEV: no kernel engine here: add the module io.jsockmap.kernel",
                        "no engine that carries bytes past the JVM: it is user");
        engine.close();
    }

    @Test
    void aScopesProgramsHearOfItsOwnConnectionsOnly() {
        var file = PROGRAMS.resolve("msg-policy.bpf.o");

        // @start region="scope"
        UserEngine engine = UserEngine.open(settings);
        UserObject object = engine.load(file);
        Scope tenant = engine.scope("tenant-a");
        Attachment attachment = tenant.attach(object.program("store_in_0"));

        Sock outside = engine.connected(addresses, transport);
        Sock inside = tenant.connected(addresses, transport);

        // The sock_ops program has put it into its map.
        assertThat(object.sockMap("sockets").socket(0)).contains(inside).isNotEqualTo(outside);
        attachment.close();
        assertThat(tenant.attached()).isEmpty();
        // @end

        engine.close();
    }

    @Test
    void anAdmissionPutsTheSocketsOfAnApplicationIntoMaps() {
        var engine = network.engine();
        var object = network.loadExample("echo");

        // @start region="admission"
        UserSockHash sockets = object.sockHash("sockets");
        Admission admission =
                Admission.to(engine, engine.scope("gateway"))
                        .with(s -> sockets.update(Bytes.u64(s.cookie()), s, UpdateFlag.ANY));

        // What a Netty handler or a selector provider does for each socket it meets.
        Optional<Sock> socket = admission.accepted(addresses, transport);
        assertThat(sockets.socket(Bytes.u64(socket.orElseThrow().cookie()))).isEqualTo(socket);

        socket.ifPresent(admission::closed);
        assertThat(engine.sockets()).isEmpty();
        // @end
    }
}
