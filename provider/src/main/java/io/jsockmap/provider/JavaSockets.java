package io.jsockmap.provider;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * Has {@link Socket} and {@link ServerSocket} open channels of a provider, so that code that uses
 * them comes under the engine too.
 *
 * <p>Sockets that go through a SOCKS or HTTP proxy are not reached, nor are those that exist. An
 * interrupt of a thread that waits closes the socket, as with channels.
 *
 * {@snippet class="io.jsockmap.provider.examples.ProviderExamples" region="sockets"}
 */
public final class JavaSockets {
    private JavaSockets() {}

    /**
     * Reaches all sockets that the JVM opens from now on. A JVM lets this be done once, and not
     * undone.
     *
     * @throws IllegalStateException if somebody else has said before how sockets are made
     */
    @SuppressWarnings("deprecation") // There is no other way to reach them.
    public static void install(SockmapSelectorProvider provider) {
        try {
            Socket.setSocketImplFactory(() -> new JavaSocket(provider));
            ServerSocket.setSocketFactory(() -> new JavaServerSocket(provider));
        } catch (IOException e) {
            throw new IllegalStateException(
                    "this JVM has another factory of sockets, which can't be replaced: take it"
                            + " away, or choose only the SelectorProvider",
                    e);
        }
    }
}
