package io.jsockmap.control;

import com.sun.security.auth.module.UnixSystem;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** The file of a socket: whether somebody listens there, and what to do if nobody does. */
final class SocketFile {
    private static final AtomicInteger DRAFTS = new AtomicInteger();

    private SocketFile() {}

    /** Whether it is a socket. No link is followed. */
    static boolean isSocket(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isOther();
        } catch (IOException _) {
            return false;
        }
    }

    /** Whether it is the user's own, by number. No link is followed. */
    static boolean isMine(Path path) throws IOException {
        var uid = (Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        return Integer.toUnsignedLong(uid) == new UnixSystem().getUid();
    }

    /** Whether it is a socket that a process left behind; waits for nobody. */
    static boolean isStale(Path path) {
        if (!isSocket(path)) return false;
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            // One who lets others wait listens too; of that the exception is another one.
            channel.configureBlocking(false);
            var _ = channel.connect(UnixDomainSocketAddress.of(path));
            return false;
        } catch (ConnectException _) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /** A name beside it which nobody else takes. */
    static Path draft(Path path) {
        long pid = ProcessHandle.current().pid();
        return beside(path, ".%d-%d".formatted(pid, DRAFTS.incrementAndGet()));
    }

    private static Path beside(Path path, String ending) {
        return path.resolveSibling(path.getFileName() + ending);
    }

    /**
     * Gives a socket its name, by which it can be reached from then on. It listens already: so
     * nobody ever meets one under its name that is about to, and takes it for one left behind. What
     * a process left behind gives way.
     *
     * @throws BpfException EADDRINUSE if there is anything else
     */
    static void publish(Path draft, Path path) throws IOException {
        while (true) {
            try {
                Files.createLink(path, draft);
                return;
            } catch (FileAlreadyExistsException _) {
                clear(path);
            }
        }
    }

    private static void clear(Path path) throws IOException {
        var hindrance = hindrance(path);
        // It may have gone while one looked at it.
        if (hindrance.isPresent() && Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new BpfException(
                    Errno.EADDRINUSE, "control socket %s: %s".formatted(path, hindrance.get()));
        }
        removeIfStale(path);
    }

    private static Optional<String> hindrance(Path path) throws IOException {
        if (!isSocket(path)) return Optional.of("there is such a file, which is no socket");
        if (!isStale(path)) return Optional.of("somebody listens there; name another path");
        try {
            if (!isMine(path)) return Optional.of("another user left it; name another path");
        } catch (NoSuchFileException _) {
            // Then nobody hinders.
        }
        return Optional.empty();
    }

    /**
     * Deletes what a process left behind. One after the other, in all processes: who has seen that
     * it is stale must not delete what another one has put there since.
     */
    static synchronized void removeIfStale(Path path) throws IOException {
        var lock = beside(path, ".lock");
        try (var channel =
                FileChannel.open(
                        lock,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS)) {
            var _ = channel.lock();
            if (isStale(path)) Files.deleteIfExists(path);
            // Who waited for it, and who makes another one, both find nothing stale any more.
            Files.deleteIfExists(lock);
        }
    }

    /** Makes the folder that it shall lie in, for the owner alone, if there is none. */
    static void makeFolder(Path path) throws IOException {
        var folder = path.toAbsolutePath().getParent();
        try {
            if (folder == null || Files.exists(folder)) return;
            var mode = PosixFilePermissions.fromString("rwx------");
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(mode));
        } catch (FileAlreadyExistsException _) {
            // Somebody else was as quick.
        } catch (IOException e) {
            throw failed(path, e);
        }
    }

    /** An error in words that name the path. */
    static IOException failed(Path path, IOException cause) {
        var why =
                cause instanceof NoSuchFileException
                        ? "there is no such folder"
                        : cause.getMessage();
        return new IOException("control socket %s: %s".formatted(path, why), cause);
    }
}
