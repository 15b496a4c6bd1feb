package io.jsockmap.control;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/** The file of a socket: whether somebody listens there, and what to do if nobody does. */
final class SocketFile {
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

    /**
     * Connects.
     *
     * @throws ConnectException if nobody listens there any more
     */
    static SocketChannel connect(Path path) throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(path));
    }

    /** Whether it is a socket that a process left behind. */
    static boolean isStale(Path path) {
        if (!isSocket(path)) return false;
        try (var _ = connect(path)) {
            return false;
        } catch (ConnectException _) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /**
     * Deletes what a process left behind.
     *
     * @throws BpfException EADDRINUSE if there is anything else
     */
    static void clear(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) return;
        if (!isSocket(path)) {
            throw new BpfException(
                    Errno.EADDRINUSE,
                    "control socket %s: there is such a file, which is no socket".formatted(path));
        }
        if (!isStale(path)) {
            throw new BpfException(
                    Errno.EADDRINUSE,
                    "control socket %s: somebody listens there; name another path".formatted(path));
        }
        Files.deleteIfExists(path);
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
