package io.jsockmap.control;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A connection to a process that answers. For one thread at a time.
 *
 * {@snippet class="io.jsockmap.control.examples.ControlExamples" region="serve"}
 */
public final class ControlClient implements Control {
    /** How long a process may be silent, unless one says otherwise. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Path path;
    private final SocketChannel channel;
    private final Patience patience;

    /** Answers follow each other: the reader goes on behind the last one. */
    private final JsonReader in;

    private ControlClient(Path path, SocketChannel channel, Patience patience) {
        this.path = path;
        this.channel = channel;
        this.patience = patience;
        in = new JsonReader(Channels.newReader(new Answers(), StandardCharsets.UTF_8));
        in.setStrictness(Strictness.LENIENT);
    }

    /** What comes, as long as it comes. */
    private final class Answers implements ReadableByteChannel {
        @Override
        public int read(ByteBuffer bytes) throws IOException {
            return patience.await(channel, () -> channel.read(bytes));
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /** As {@link #connect(Path, Duration)}, with {@link #PATIENCE}. */
    public static ControlClient connect(Path path) throws IOException {
        return connect(path, PATIENCE);
    }

    /**
     * Connects.
     *
     * @param longest how long the process may be silent, now and in the midst of an answer
     * @throws BpfException ENOENT if there is no socket, ECONNREFUSED if nobody listens, ETIMEDOUT
     *     if it is silent for longer
     * @throws IOException if it can't be reached
     */
    public static ControlClient connect(Path path, Duration longest) throws IOException {
        if (!SocketFile.isSocket(path)) {
            throw new BpfException(
                    Errno.ENOENT,
                    "there is no control socket %s: jsockmap run OBJECT ... --control %1$s makes one"
                            .formatted(path));
        }
        var patience = new Patience(path, longest);
        var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            patience.await(channel, () -> channel.connect(UnixDomainSocketAddress.of(path)));
            return new ControlClient(path, channel, patience);
        } catch (ConnectException _) {
            throw new BpfException(
                    Errno.ECONNREFUSED,
                    "control socket %s: nobody listens there any more".formatted(path));
        } catch (IOException e) {
            throw SocketFile.failed(path, e);
        }
    }

    @Override
    public JsonElement ask(JsonObject request) throws IOException {
        try {
            send(request + "\n");
        } catch (IOException e) {
            // It may have said why before it closed: then that is there to be read.
            return answer(e);
        }
        return answer(new IOException("the process has ended"));
    }

    private void send(String line) throws IOException {
        var bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) patience.await(channel, () -> channel.write(bytes));
    }

    private JsonElement answer(IOException otherwise) throws IOException {
        try {
            if (!hasMore()) throw SocketFile.failed(path, otherwise);
            return Envelope.result(JsonParser.parseReader(in));
        } catch (JsonParseException e) {
            throw SocketFile.failed(path, new IOException("the answer is cut off", e));
        }
    }

    private boolean hasMore() {
        try {
            return in.peek() != JsonToken.END_DOCUMENT;
        } catch (IOException _) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
