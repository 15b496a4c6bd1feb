package io.jsockmap.control;

import com.google.gson.JsonObject;
import com.sun.security.auth.module.UnixSystem;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The folder in which processes of a user put their control sockets, each named by its pid.
 *
 * {@snippet class="io.jsockmap.control.examples.ControlExamples" region="ask"}
 */
public final class ControlFolder {
    private static final String ENDING = ".sock";
    private static final String MODE = "rwx------";

    /** How long each of several is waited for. */
    private static final Duration GLANCE = Duration.ofSeconds(2);

    private final Path path;

    private ControlFolder(Path path) {
        this.path = path;
    }

    /** A folder of one's own. */
    public static ControlFolder of(Path path) {
        return new ControlFolder(path);
    }

    /**
     * The user's: {@code $XDG_RUNTIME_DIR/jsockmap}, or {@code jsockmap-UID} among the temporary
     * files where the system gives no such directory.
     */
    public static ControlFolder ofUser() {
        var runtime = System.getenv("XDG_RUNTIME_DIR");
        if (runtime != null && runtime.startsWith("/")) {
            return new ControlFolder(Path.of(runtime, "jsockmap"));
        }
        var temporary = System.getProperty("java.io.tmpdir");
        return new ControlFolder(Path.of(temporary, "jsockmap-" + new UnixSystem().getUid()));
    }

    /** Whether the system has sockets in files, and owners of files. */
    public static boolean isSupported() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /**
     * Takes a path in it for this process, and makes it if it is not there.
     *
     * @throws BpfException EACCES if it belongs to somebody else, or others may look into it
     * @throws IOException if there can be no socket
     */
    public ControlServer open() throws IOException {
        make();
        long pid = ProcessHandle.current().pid();
        for (int number = 1; ; number++) {
            var name = number == 1 ? pid + ENDING : "%d-%d%s".formatted(pid, number, ENDING);
            var socket = path.resolve(name);
            if (SocketFile.isSocket(socket) && !SocketFile.isStale(socket)) continue;
            return ControlServer.open(socket);
        }
    }

    private void make() throws IOException {
        try {
            var mode = PosixFilePermissions.fromString(MODE);
            Files.createDirectory(path, PosixFilePermissions.asFileAttribute(mode));
        } catch (FileAlreadyExistsException _) {
            check();
        } catch (IOException e) {
            throw SocketFile.failed(path, e);
        }
    }

    /** Among temporary files anybody may have made it, to be asked in the owner's place. */
    private void check() throws IOException {
        boolean mine = SocketFile.isMine(path);
        var is = Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        var mode = PosixFilePermissions.toString(is.permissions());
        if (is.isDirectory() && mine && mode.equals(MODE)) return;
        throw new BpfException(
                Errno.EACCES,
                "%s is not a directory of mode 0700 that is yours: remove it, or say --control PATH"
                        .formatted(path));
    }

    /**
     * Connects to the only process that answers; sockets of processes that are gone are deleted.
     *
     * @throws BpfException ENOENT if there is none, ENOTUNIQ if there are several, naming them,
     *     ETIMEDOUT if the only one is silent
     */
    public ControlClient only() throws IOException {
        return only(GLANCE);
    }

    /**
     * The same.
     *
     * @param glance how long each of several may be silent to be named with what it runs
     */
    ControlClient only(Duration glance) throws IOException {
        var sockets = live();
        if (sockets.size() == 1) return ControlClient.connect(sockets.getFirst());
        if (sockets.isEmpty()) {
            throw new BpfException(
                    Errno.ENOENT,
                    "no jsockmap run is there to be asked (in %s): start one by jsockmap run OBJECT"
                                    .formatted(path)
                            + " --listen HOST:PORT, or read a file by --object FILE");
        }
        List<String> all = new ArrayList<>();
        for (var socket : sockets) all.add(describe(socket, glance));
        throw new BpfException(
                Errno.ENOTUNIQ,
                "several are there to be asked, say which: " + String.join("; ", all));
    }

    private static String describe(Path socket, Duration glance) {
        var request = new JsonObject();
        request.addProperty("command", "about");
        try (var client = ControlClient.connect(socket, glance)) {
            var about = client.ask(request).getAsJsonObject();
            return "--control %s (pid %s, %s)"
                    .formatted(
                            socket,
                            about.get("pid").getAsString(),
                            about.get("object").getAsString());
        } catch (BpfException e) {
            var why = e.errno() == Errno.ETIMEDOUT ? "does not answer" : e.getMessage();
            return "--control %s (%s)".formatted(socket, why);
        } catch (IOException | RuntimeException e) {
            return "--control %s (%s)".formatted(socket, e.getMessage());
        }
    }

    /** The sockets that somebody listens on, by name. */
    private List<Path> live() throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) return List.of();
        check();
        List<Path> live = new ArrayList<>();
        try (var files = Files.newDirectoryStream(path, "*" + ENDING)) {
            for (var file : files) {
                if (!SocketFile.isSocket(file)) continue;
                if (SocketFile.isStale(file)) SocketFile.removeIfStale(file);
                else live.add(file);
            }
        } catch (NoSuchFileException _) {
            return List.of();
        }
        return live.stream().sorted().toList();
    }
}
