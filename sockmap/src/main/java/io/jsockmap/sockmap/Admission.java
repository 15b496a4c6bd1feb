package io.jsockmap.sockmap;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.Transport;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * Decides which sockets of an application come under the engine, and opens those: what a Netty
 * handler, a provider of channels or an agent asks for each socket it meets.
 *
 * <p>All methods may be called from any thread. Programs that hear of connections have run, and the
 * socket is in the maps where it belongs, when they return; another socket may be redirecting to it
 * already. One that is not admitted, because nothing is said of it, is left alone: empty.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.EngineExamples" region="admission"}
 */
public interface Admission {

    /** Leaves all sockets alone. */
    Admission NOBODY =
            new Admission() {
                @Override
                public Optional<Sock> accepted(Addresses addresses, Transport transport) {
                    return Optional.empty();
                }

                @Override
                public Optional<Sock> connected(Addresses addresses, Transport transport) {
                    return Optional.empty();
                }

                @Override
                public Optional<Sock> opened(Addresses addresses, Transport transport) {
                    return Optional.empty();
                }

                @Override
                public void closed(Sock socket) {}
            };

    /**
     * A TCP connection that was accepted.
     *
     * @throws BpfException if a map refuses it; the socket is closed then, and its connection is to
     *     be
     */
    Optional<Sock> accepted(Addresses addresses, Transport transport);

    /** A TCP connection that this side asked for; otherwise as {@link #accepted}. */
    Optional<Sock> connected(Addresses addresses, Transport transport);

    /** A socket of another kind than TCP; otherwise as {@link #accepted}. */
    Optional<Sock> opened(Addresses addresses, Transport transport);

    /** Says that a socket's connection is closed: nothing more will come or go. */
    void closed(Sock socket);

    /**
     * Does something more with each socket that is admitted, such as putting it into a map.
     *
     * @param more what; if it throws, the socket is closed and is not admitted
     */
    default Admission with(Consumer<Sock> more) {
        var admission = this;
        return new Admission() {
            @Override
            public Optional<Sock> accepted(Addresses addresses, Transport transport) {
                return admission.accepted(addresses, transport).map(this::treated);
            }

            @Override
            public Optional<Sock> connected(Addresses addresses, Transport transport) {
                return admission.connected(addresses, transport).map(this::treated);
            }

            @Override
            public Optional<Sock> opened(Addresses addresses, Transport transport) {
                return admission.opened(addresses, transport).map(this::treated);
            }

            private Sock treated(Sock socket) {
                try {
                    more.accept(socket);
                    return socket;
                } catch (RuntimeException e) {
                    socket.close();
                    admission.closed(socket);
                    throw e;
                }
            }

            @Override
            public void closed(Sock socket) {
                admission.closed(socket);
            }
        };
    }

    /** Admits all sockets to a scope, whose sock_ops programs put them into maps, or nobody. */
    static Admission to(UserEngine engine, Scope scope) {
        return new Admission() {
            @Override
            public Optional<Sock> accepted(Addresses addresses, Transport transport) {
                return Optional.of(scope.accepted(addresses, transport));
            }

            @Override
            public Optional<Sock> connected(Addresses addresses, Transport transport) {
                return Optional.of(scope.connected(addresses, transport));
            }

            @Override
            public Optional<Sock> opened(Addresses addresses, Transport transport) {
                return Optional.of(scope.opened(addresses, transport));
            }

            @Override
            public void closed(Sock socket) {
                engine.closed(socket);
            }
        };
    }
}
