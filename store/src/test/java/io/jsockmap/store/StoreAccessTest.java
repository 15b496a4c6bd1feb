package io.jsockmap.store;

import static io.jsockmap.store.Host.ROUTES;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.etcd.jetcd.auth.Permission;
import io.etcd.jetcd.options.OptionsUtil;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** An etcd that does not let everybody in. */
class StoreAccessTest {
    @TempDir private Path folder;
    private Etcd etcd;
    private Host host;

    @AfterEach
    void close() {
        if (host != null) host.close();
        if (etcd != null) etcd.close();
    }

    @Test
    void aUserWhoMayReadTheEntriesNeedsNoMore() throws InterruptedException {
        etcd = Etcd.start(folder);
        etcd.put(ROUTES + "80", "{upstream=1}");
        var auth = etcd.client().getAuthClient();
        var from = Etcd.bytes("/jsockmap/gateway/");
        Etcd.await(auth.roleAdd(Etcd.bytes("root")));
        Etcd.await(auth.userAdd(Etcd.bytes("root"), Etcd.bytes("secret")));
        Etcd.await(auth.userGrantRole(Etcd.bytes("root"), Etcd.bytes("root")));
        Etcd.await(auth.roleAdd(Etcd.bytes("reader")));
        Etcd.await(
                auth.roleGrantPermission(
                        Etcd.bytes("reader"),
                        from,
                        OptionsUtil.prefixEndOf(from),
                        Permission.Type.READ));
        Etcd.await(auth.userAdd(Etcd.bytes("gateway"), Etcd.bytes("open")));
        Etcd.await(auth.userGrantRole(Etcd.bytes("gateway"), Etcd.bytes("reader")));
        Etcd.await(auth.authEnable());

        host = Host.synced(etcd.address().as("gateway", "open"));

        assertThat(host.finds("routes", "80")).contains(1L);
        host.awaitRevision(host.status().heard());

        try (var stranger = new Host()) {
            stranger.bind(etcd.address().as("gateway", "guess"));
            Await.until("it is refused", () -> stranger.status().problem().isPresent());
            assertThat(stranger.status().problem().orElseThrow()).contains("authentication failed");
        }
    }

    @Test
    void byTlsOnlyWhoIsVouchedForIsTrusted() throws IOException, InterruptedException {
        var certificate = folder.resolve("etcd.pem");
        var key = folder.resolve("etcd.key");
        makeCertificate(certificate, key);
        etcd =
                Etcd.start(
                        folder,
                        "--cert-file",
                        certificate.toString(),
                        "--key-file",
                        key.toString());
        var address =
                new StoreAddress(
                        List.of(URI.create("https://127.0.0.1:" + etcd.port())),
                        Optional.empty(),
                        Optional.empty());

        host = Host.synced(address.with(StoreAddress.Tls.trusting(certificate)));

        assertThat(host.status().awaySince()).isEmpty();
        try (var stranger = new Host()) {
            stranger.bind(address.with(new StoreAddress.Tls(Optional.empty(), Optional.empty())));
            Await.until("it is not trusted", () -> stranger.status().problem().isPresent());
            assertThat(stranger.status().problem().orElseThrow()).contains("certification path");
            assertThat(stranger.status().applied()).isZero();
        }
    }

    private static void makeCertificate(Path certificate, Path key)
            throws IOException, InterruptedException {
        var openssl =
                new ProcessBuilder(
                        "openssl",
                        "req",
                        "-x509",
                        "-newkey",
                        "ec",
                        "-pkeyopt",
                        "ec_paramgen_curve:P-256",
                        "-nodes",
                        "-subj",
                        "/CN=etcd",
                        "-addext",
                        "subjectAltName=IP:127.0.0.1",
                        "-days",
                        "3650",
                        "-out",
                        certificate.toString(),
                        "-keyout",
                        key.toString());
        try {
            int end =
                    openssl.redirectErrorStream(true)
                            .redirectOutput(certificate.resolveSibling("openssl.log").toFile())
                            .start()
                            .waitFor();
            assertThat(end).isZero();
        } catch (IOException e) {
            assumeTrue(
                    false, "openssl is not in PATH: apt-get install openssl, and the test is run");
            throw e;
        }
    }
}
