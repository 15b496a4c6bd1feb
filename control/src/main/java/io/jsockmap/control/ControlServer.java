package io.jsockmap.control;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.control.command.Commands;
import io.jsockmap.control.inventory.Inventory;

import jdk.net.ExtendedSocketOptions;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Answers commands about an inventory on a UNIX socket, which only its owner can use: the file has
 * mode 0600, and whoever connects is asked of the system who he is.
 *
 * <p>Each client has a thread of its own, so none waits for another, and no traffic for any of
 * them. What a client sends is never trusted: its requests have a limit, and it loses nothing but
 * its own connection.
 *
 * {@snippet class="io.jsockmap.control.examples.ControlExamples" region="serve"}
 */
public final class ControlServer implements AutoCloseable {
    /** Clients at once; more are turned away with EAGAIN. */
    public static final int MAX_CLIENTS = 16;

    /** Bytes of a request, without the end of the line; longer ones are E2BIG. */
    public static final int MAX_REQUEST = 1 << 16;

    private static final System.Logger LOG = System.getLogger("io.jsockmap.control");

    private final Path path;
    private final ServerSocketChannel listening;
    private final UserPrincipal owner;
    private final Set<SocketChannel> clients = ConcurrentHashMap.newKeySet();
    private volatile Optional<Inventory> inventory = Optional.empty();

    private ControlServer(Path path, ServerSocketChannel listening, UserPrincipal owner) {
        this.path = path;
        this.listening = listening;
        this.owner = owner;
    }

    /**
     * Takes a path. Whoever connects waits until {@link #serve}. A socket there of a process that
     * is gone is replaced.
     *
     * @param path of the socket; its directory is made, of mode 0700, if there is none
     * @throws BpfException EADDRINUSE if somebody listens there, or it is another kind of file
     * @throws IOException if there can be no socket
     */
    public static ControlServer open(Path path) throws IOException {
        SocketFile.makeFolder(path);
        var listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            return new ControlServer(path, listening, listen(listening, path));
        } catch (IOException e) {
            listening.close();
            throw SocketFile.failed(path, e);
        } catch (BpfException e) {
            listening.close();
            throw e;
        }
    }

    /** Listens at a path, and gives the file's owner. */
    private static UserPrincipal listen(ServerSocketChannel listening, Path path)
            throws IOException {
        var draft = SocketFile.draft(path);
        try {
            listening.bind(UnixDomainSocketAddress.of(draft), MAX_CLIENTS);
            Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rw-------"));
            SocketFile.publish(draft, path);
            return Files.getOwner(path);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    /** Where it listens. */
    public Path path() {
        return path;
    }

    /** Answers from now on. */
    public void serve(Inventory about) {
        inventory = Optional.of(about);
        Thread.ofPlatform().daemon().name("control").start(this::accept);
    }

    private void accept() {
        while (listening.isOpen()) {
            try {
                welcome(listening.accept());
            } catch (ClosedChannelException _) {
                return;
            } catch (IOException e) {
                // The next one may have more luck; to try at once would only burn time.
                LOG.log(Level.WARNING, "control socket {0}: {1}", path, e.getMessage());
                if (!pause()) return;
            }
        }
    }

    private static boolean pause() {
        try {
            Thread.sleep(100);
            return true;
        } catch (InterruptedException _) {
            return false;
        }
    }

    private void welcome(SocketChannel client) {
        if (clients.size() >= MAX_CLIENTS) {
            turnAway(
                    client,
                    new BpfException(
                            Errno.EAGAIN,
                            "%d clients are connected already".formatted(MAX_CLIENTS)));
            return;
        }
        clients.add(client);
        try {
            Thread.ofPlatform().daemon().name("control client").start(() -> converse(client));
        } catch (OutOfMemoryError noThread) {
            clients.remove(client);
            turnAway(client, new BpfException(Errno.EAGAIN, "there is no thread to answer"));
        }
    }

    private static void turnAway(SocketChannel client, BpfException why) {
        try (client) {
            // Into the socket's buffer, which is empty: nobody has to read it.
            Envelope.writeError(Channels.newOutputStream(client), why);
        } catch (IOException _) {
            // Gone already.
        }
    }

    private void converse(SocketChannel client) {
        try (client) {
            var out = Channels.newOutputStream(client);
            if (isOwner(client)) {
                answerAll(client, out);
            } else {
                Envelope.writeError(
                        out, new BpfException(Errno.EACCES, "the process is another user's"));
            }
        } catch (IOException _) {
            // It went away, which is no concern of anybody else.
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "a client of the control socket is lost", e);
        } finally {
            clients.remove(client);
        }
    }

    private boolean isOwner(SocketChannel client) throws IOException {
        return client.getOption(ExtendedSocketOptions.SO_PEERCRED).user().equals(owner);
    }

    private void answerAll(SocketChannel client, OutputStream out) throws IOException {
        var lines = new Lines(client, MAX_REQUEST);
        var commands = new Commands(inventory.orElseThrow());
        try {
            for (var line = lines.next(); line.isPresent(); line = lines.next()) {
                answer(commands, line.get(), out);
            }
        } catch (BpfException e) {
            // Where a request that is too long ends is not known.
            Envelope.writeError(out, e);
        }
    }

    private static void answer(Commands commands, byte[] line, OutputStream out)
            throws IOException {
        try {
            var result = commands.answer(Envelope.request(line));
            Envelope.writeResult(out, result);
        } catch (BpfException e) {
            Envelope.writeError(out, e);
        }
    }

    /** Stops to answer, and deletes the socket. Twice is harmless. */
    @Override
    public void close() throws IOException {
        // While it still listens the file is its own: somebody else may take the name at once.
        if (listening.isOpen()) Files.deleteIfExists(path);
        listening.close();
        for (var client : clients) client.close();
    }
}
