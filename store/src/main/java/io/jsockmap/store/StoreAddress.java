package io.jsockmap.store;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where etcd is, and how to get in.
 *
 * {@snippet class="io.jsockmap.store.examples.StoreExamples" region="address"}
 *
 * @param endpoints its members, such as {@code http://10.0.0.1:2379}
 * @param login who asks, where etcd wants to know
 * @param tls how to trust it, for {@code https}
 */
public record StoreAddress(List<URI> endpoints, Optional<Login> login, Optional<Tls> tls) {

    /** A user of etcd. */
    public record Login(String user, String password) {
        /** Without the password. */
        @Override
        public String toString() {
            return user;
        }
    }

    /**
     * Files in PEM.
     *
     * @param authorities certificates of who vouches for etcd; empty for those the JVM trusts
     * @param identity what etcd trusts us by, if it asks
     */
    public record Tls(Optional<Path> authorities, Optional<Identity> identity) {
        /** Trusts what those authorities vouch for. */
        public static Tls trusting(Path authorities) {
            return new Tls(Optional.of(authorities), Optional.empty());
        }

        /** The same with a certificate of our own. */
        public Tls as(Path certificate, Path key) {
            return new Tls(authorities, Optional.of(new Identity(certificate, key)));
        }
    }

    /** A certificate and its key. */
    public record Identity(Path certificate, Path key) {}

    public StoreAddress {
        endpoints = List.copyOf(endpoints);
        if (endpoints.isEmpty()) throw new IllegalArgumentException("no endpoint of etcd");
    }

    /** Without login and TLS. */
    public static StoreAddress of(String... endpoints) {
        return new StoreAddress(
                Stream.of(endpoints).map(URI::create).toList(), Optional.empty(), Optional.empty());
    }

    /** The same for a user. */
    public StoreAddress as(String user, String password) {
        return new StoreAddress(endpoints, Optional.of(new Login(user, password)), tls);
    }

    /** The same by TLS. */
    public StoreAddress with(Tls tls) {
        return new StoreAddress(endpoints, login, Optional.of(tls));
    }
}
