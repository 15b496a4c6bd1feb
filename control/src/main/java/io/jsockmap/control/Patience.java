package io.jsockmap.control;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How long one waits for a process, which may be stopped and never say a word.
 *
 * @param path of its control socket
 * @param longest how long it may be silent
 */
record Patience(Path path, Duration longest) {

    /** Something that the other process keeps waiting. */
    interface Waiting<T> {
        T get() throws IOException;
    }

    /**
     * Waits, not on a virtual thread: on those a full backlog passes for a connection.
     *
     * @param channel by which it waits; closed when patience ends
     * @throws BpfException ETIMEDOUT if it lasts too long
     */
    <T> T await(SocketChannel channel, Waiting<T> waiting) throws IOException {
        var over = new AtomicBoolean();
        var alarm = Thread.startVirtualThread(() -> closeAtLast(channel, over));
        try {
            return waiting.get();
        } catch (IOException e) {
            if (!over.get()) throw e;
            throw new BpfException(
                    Errno.ETIMEDOUT,
                    "control socket %s: no answer within %s: is the process stopped?"
                            .formatted(path, words()),
                    e);
        } finally {
            alarm.interrupt();
        }
    }

    private void closeAtLast(SocketChannel channel, AtomicBoolean over) {
        try {
            Thread.sleep(longest);
            over.set(true);
            channel.close();
        } catch (InterruptedException | IOException _) {
            // The answer came in time, or nobody can be kept waiting by this channel any more.
        }
    }

    private String words() {
        return longest.toMillis() % 1000 == 0
                ? longest.toSeconds() + " seconds"
                : longest.toMillis() + " milliseconds";
    }
}
