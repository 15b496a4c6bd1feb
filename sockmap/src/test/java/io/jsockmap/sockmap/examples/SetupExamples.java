package io.jsockmap.sockmap.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.object.ObjectReader;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.key.NamedSockets;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.setup.Element;
import io.jsockmap.sockmap.setup.Insertion;
import io.jsockmap.sockmap.setup.ObjectSetup;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How the words of {@code jsockmap run} are used from Java. */
class SetupExamples extends NetworkTest {
    private static final Path PORT_POLICY = Path.of("../examples/port-policy/port-policy.bpf.o");

    @Test
    void anObjectIsSetUpAsOnTheCommandLine() {
        var engine = network.engine();
        var client = network.accepted().socket();
        var spec = ObjectReader.read(PORT_POLICY);
        // @start region="setup"
        // As by: run port-policy.bpf.o --max-entries allowed_ports=8 --set allowed_ports[443]=1
        //        --attach port_policy=sockets --insert sockets[0]=client
        ObjectSetup setup =
                new ObjectSetup(
                        Map.of(),
                        List.of(),
                        Map.of("allowed_ports", 8L),
                        Optional.empty(),
                        List.of("allowed_ports[443]=1"),
                        List.of("port_policy=sockets"));
        UserObject object = setup.load(engine, spec);
        Element.parse("allowed_ports[80]=1").orElseThrow().set(object, NamedSockets.NONE);

        Insertion insertion = Insertion.parse(object, "sockets[0]=client");
        insertion.insert(new NamedSockets(0, Map.of("client", client), "client"));
        // @end

        assertThat(object.map("allowed_ports").keys())
                .extracting(Bytes::number)
                .containsExactlyInAnyOrder(80L, 443L);
        assertThat(client.programs().msg()).isNotNull();
    }
}
