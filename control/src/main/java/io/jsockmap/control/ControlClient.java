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
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A connection to a process that answers. For one thread at a time. */
public final class ControlClient implements Control {
    private final Path path;
    private final SocketChannel channel;

    /** Answers follow each other: the reader goes on behind the last one. */
    private final JsonReader in;

    private ControlClient(Path path, SocketChannel channel) {
        this.path = path;
        this.channel = channel;
        in =
                new JsonReader(
                        new InputStreamReader(
                                Channels.newInputStream(channel), StandardCharsets.UTF_8));
        in.setStrictness(Strictness.LENIENT);
    }

    /**
     * Connects.
     *
     * @throws BpfException ENOENT if there is no socket, ECONNREFUSED if nobody listens
     * @throws IOException if it can't be reached
     */
    public static ControlClient connect(Path path) throws IOException {
        if (!SocketFile.isSocket(path)) {
            throw new BpfException(
                    Errno.ENOENT,
                    "there is no control socket %s: jsockmap run OBJECT ... --control %1$s makes one"
                            .formatted(path));
        }
        try {
            return new ControlClient(path, SocketFile.connect(path));
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
        while (bytes.hasRemaining()) channel.write(bytes);
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
