package io.jsockmap.store;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.ClientBuilder;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.OptionsUtil;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchEvent;
import io.etcd.jetcd.watch.WatchResponse;
import io.netty.handler.ssl.SslContextBuilder;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A client of etcd from when it is reached until it is lost: then another session is opened, since
 * only whoever reads all again knows what was missed. For one thread.
 */
final class EtcdSession implements AutoCloseable {
    /** How long an answer may take. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** How many entries are read at once. */
    private static final int PAGE = 1000;

    private final StoreAddress address;
    private final Vertx vertx;
    private final Client client;
    private final BlockingQueue<News> news = new LinkedBlockingQueue<>();

    /** All entries behind a prefix at a revision. */
    record Snapshot(List<Entry> entries, long revision) {}

    /**
     * @throws IOException if a file of {@link StoreAddress#tls} can't be used
     */
    EtcdSession(StoreAddress address) throws IOException {
        this.address = address;
        var builder = builder(address);
        // It is idle mostly: one thread for all it hears.
        vertx = Vertx.vertx(new VertxOptions().setUseDaemonThread(true).setEventLoopPoolSize(1));
        client = builder.vertx(vertx).build();
    }

    private static ClientBuilder builder(StoreAddress address) throws IOException {
        var builder =
                Client.builder()
                        .endpoints(address.endpoints())
                        .connectTimeout(PATIENCE)
                        // Where nobody is, one wants to know it at once.
                        .waitForReady(false)
                        // Whoever lost it opens another session.
                        .retryMaxAttempts(0);
        address.login()
                .ifPresent(
                        login ->
                                builder.user(bytes(login.user()))
                                        .password(bytes(login.password())));
        try {
            if (address.tls().isPresent()) {
                var tls = address.tls().get();
                builder.sslContext(context -> configure(context, tls));
            }
            return builder;
        } catch (IllegalArgumentException e) {
            throw new IOException("%s: %s".formatted(address.tls().get(), e.getMessage()), e);
        }
    }

    private static void configure(SslContextBuilder context, StoreAddress.Tls tls) {
        tls.authorities().ifPresent(file -> context.trustManager(file.toFile()));
        tls.identity()
                .ifPresent(
                        identity ->
                                context.keyManager(
                                        identity.certificate().toFile(), identity.key().toFile()));
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    /**
     * Reads all entries behind a prefix.
     *
     * @param revision as they were then; 0 for now
     * @throws IOException if etcd does not answer
     */
    Snapshot read(String prefix, long revision) throws IOException, InterruptedException {
        List<Entry> entries = new ArrayList<>();
        var from = bytes(prefix);
        var end = OptionsUtil.prefixEndOf(from);
        long at = revision;
        while (true) {
            var page = page(from, end, at);
            if (at == 0) at = page.getHeader().getRevision();
            page.getKvs().forEach(pair -> entries.add(entry(prefix, pair)));
            if (!page.isMore()) return new Snapshot(entries, at);
            // What comes behind the last one: its name and a zero.
            from = page.getKvs().getLast().getKey().concat(ByteSequence.from(new byte[1]));
        }
    }

    private GetResponse page(ByteSequence from, ByteSequence end, long revision)
            throws IOException, InterruptedException {
        var option =
                GetOption.builder().withRange(end).withLimit(PAGE).withRevision(revision).build();
        return answer(client.getKVClient().get(from, option));
    }

    private static Entry entry(String prefix, KeyValue pair) {
        return new Entry(
                name(prefix, pair),
                pair.getValue().toString(StandardCharsets.UTF_8).strip(),
                pair.getModRevision());
    }

    private static String name(String prefix, KeyValue pair) {
        return pair.getKey().toString(StandardCharsets.UTF_8).substring(prefix.length());
    }

    /** From now on tells of what happens behind a prefix, from that revision on. */
    void watch(String prefix, long revision) {
        var option =
                WatchOption.builder()
                        .isPrefix(true)
                        .withRevision(revision)
                        // Of a member that is cut off from the others one would hear nothing.
                        .withRequireLeader(true)
                        .withProgressNotify(true)
                        .build();
        client.getWatchClient().watch(bytes(prefix), option, new Ear(prefix));
    }

    private final class Ear implements Watch.Listener {
        private final String prefix;

        Ear(String prefix) {
            this.prefix = prefix;
        }

        @Override
        public void onNext(WatchResponse response) {
            var events = response.getEvents();
            if (events.isEmpty()) {
                news.add(new News.Told(prefix, response.getHeader().getRevision()));
                return;
            }
            var changes = events.stream().map(this::change).toList();
            long revision = events.getLast().getKeyValue().getModRevision();
            news.add(new News.Changed(prefix, changes, revision));
        }

        private Change change(WatchEvent event) {
            return switch (event.getEventType()) {
                case PUT -> new Change.Put(entry(prefix, event.getKeyValue()));
                case DELETE -> new Change.Delete(name(prefix, event.getKeyValue()));
                case UNRECOGNIZED ->
                        throw new IllegalStateException("etcd tells of an unknown event");
            };
        }

        @Override
        public void onError(Throwable cause) {
            news.add(new News.Lost(cause));
        }

        @Override
        public void onCompleted() {
            news.add(new News.Lost(new EOFException("etcd has ended the watch of " + prefix)));
        }
    }

    /** Asks where the store is, and what was told so far; the answers are news. */
    void ask(String prefix) {
        client.getWatchClient().requestProgress();
        CompletableFuture<GetResponse> answer = client.getKVClient().get(bytes(prefix));
        var ignored =
                answer.orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                        .thenAccept(at -> news.add(new News.At(at.getHeader().getRevision())))
                        .exceptionally(
                                cause -> {
                                    news.add(new News.Lost(unwrapped(cause)));
                                    return null;
                                });
    }

    private static Throwable unwrapped(Throwable cause) {
        return cause instanceof CompletionException ? cause.getCause() : cause;
    }

    /**
     * What is heard next; empty if nothing was for so long.
     *
     * @throws IOException if the store is lost
     */
    Optional<News> next(Duration longest) throws IOException, InterruptedException {
        var next = news.poll(longest.toMillis(), TimeUnit.MILLISECONDS);
        if (next instanceof News.Lost(var cause)) throw lost(cause);
        return Optional.ofNullable(next);
    }

    private <T> T answer(CompletableFuture<T> future) throws IOException, InterruptedException {
        try {
            return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw lost(e.getCause());
        } catch (TimeoutException e) {
            throw lost(e);
        }
    }

    private IOException lost(Throwable cause) {
        var words =
                cause instanceof TimeoutException
                        ? "no answer within %d s".formatted(PATIENCE.toSeconds())
                        : reasons(cause);
        return new IOException("etcd at %s: %s".formatted(address.endpoints(), words), cause);
    }

    /** What all the causes say: the outer ones often tell nothing. */
    private static String reasons(Throwable cause) {
        return Stream.iterate(cause, Objects::nonNull, Throwable::getCause)
                .map(each -> String.valueOf(each.getMessage()).replaceAll("\\s+", " "))
                .reduce((outer, inner) -> outer.contains(inner) ? outer : outer + ": " + inner)
                .orElseThrow();
    }

    /** When it returns, no thread of it is left. */
    @Override
    public void close() {
        // On the thread that watches, which else would meet a watch that is half closed.
        CompletableFuture<Void> done = new CompletableFuture<>();
        vertx.runOnContext(
                _ -> {
                    client.close();
                    done.complete(null);
                });
        awaitEnd(done);
        awaitEnd(vertx.close().toCompletionStage().toCompletableFuture());
    }

    /** Whoever closes may be interrupted, and waits all the same. */
    private static void awaitEnd(CompletableFuture<Void> end) {
        var ignored =
                end.completeOnTimeout(null, PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
    }
}
