package io.jsockmap.bpf.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The task on whose behalf a program runs, as the current-task helpers tell it. Here that is the
 * thread that runs the program: for what is sent, in general the sender's.
 *
 * {@snippet class="io.jsockmap.bpf.examples.RunExamples" region="environment"}
 *
 * @param process the process ({@code tgid})
 * @param thread the thread ({@code pid} in the kernel's words)
 * @param user its user, {@code uid}
 * @param group its group, {@code gid}
 * @param name the command's name, of which programs see 15 bytes
 * @param namespace where the numbers of process and thread are valid
 */
public record Task(
        int process, int thread, int user, int group, String name, PidNamespace namespace) {
    private static final Path SELF = Path.of("/proc/self");

    /** What stat(2) says of {@code /proc/self/ns/pid}: a program names its namespace so. */
    public record PidNamespace(long device, long inode) {
        /** The namespace that no program can name, where the platform has none. */
        public static final PidNamespace NONE = new PidNamespace(-1, -1);
    }

    /** This thread of the JVM's process; users and namespaces are 0 and none except on Linux. */
    public static Task current() {
        return JVM.on(Thread.currentThread());
    }

    private static final Task JVM =
            new Task(
                    (int) ProcessHandle.current().pid(),
                    0,
                    (int) attribute(SELF, "unix:uid", 0),
                    (int) attribute(SELF, "unix:gid", 0),
                    ProcessHandle.current()
                            .info()
                            .command()
                            .map(command -> Path.of(command).getFileName().toString())
                            .orElse("java"),
                    new PidNamespace(
                            attribute(SELF.resolve("ns/pid"), "unix:dev", -1),
                            attribute(SELF.resolve("ns/pid"), "unix:ino", -1)));

    private Task on(Thread thread) {
        return new Task(process, (int) thread.threadId(), user, group, name, namespace);
    }

    private static long attribute(Path path, String name, long otherwise) {
        try {
            return ((Number) Files.getAttribute(path, name)).longValue();
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException _) {
            return otherwise;
        }
    }
}
