package example;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jsockmap.policy.LivePolicy;
import io.jsockmap.provider.SockmapSelectorProvider;
import io.jsockmap.store.SharedMap;
import io.jsockmap.store.StoreAddress;
import io.jsockmap.store.StoreBinding;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Sends to ports, if the list of ports allows it that many hosts share in etcd (docs/store.md).
 * {@code SharedPorts POLICY ETCD}; each line that it reads is a port of this machine.
 */
public final class SharedPorts {
    private static final SharedMap PORTS = new SharedMap("/jsockmap/ports/", "allowed_ports");
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private SharedPorts() {}

    public static void main(String... arguments) throws Exception {
        try (var policy = LivePolicy.open(Path.of(arguments[0]));
                var binding =
                        StoreBinding.open(
                                StoreAddress.of(arguments[1]), List.of(PORTS), policy::object)) {
            boolean there = binding.awaitSync(LONGEST);
            IO.println(
                    there
                            ? "the list is here"
                            : "no list yet: " + binding.status().problem().orElse(""));
            var provider = SockmapSelectorProvider.over(SelectorProvider.provider(), policy);
            for (var line = IO.readln(); line != null; line = IO.readln()) {
                long revision = binding.status().applied();
                IO.println("revision %d: %s".formatted(revision, send(provider, line.strip())));
            }
        }
    }

    private static String send(SelectorProvider provider, String port) {
        try (SocketChannel channel = provider.openSocketChannel()) {
            channel.connect(new InetSocketAddress("127.0.0.1", Integer.parseInt(port)));
            channel.write(ByteBuffer.wrap("hello\n".getBytes(UTF_8)));
            return "sent to " + port;
        } catch (NumberFormatException _) {
            return port + " is no port";
        } catch (IOException e) {
            return "not sent to " + port + ": " + e.getMessage();
        }
    }
}
