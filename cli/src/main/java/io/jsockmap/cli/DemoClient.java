package io.jsockmap.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A client that shows what HTTP is made of. */
final class DemoClient implements AutoCloseable {
    private final Socket socket;

    private DemoClient(Socket socket) {
        this.socket = socket;
    }

    static DemoClient connect(InetSocketAddress server) throws IOException {
        var socket = new Socket(server.getAddress(), server.getPort());
        socket.setSoTimeout(DemoCommand.PATIENCE * 1000);
        return new DemoClient(socket);
    }

    void ask(String method, String path) throws IOException {
        var body = method.equals("POST") ? "item=7" : "";
        var request =
                "%s %s HTTP/1.1\r\nHost: demo\r\nContent-Length: %d\r\n\r\n%s"
                        .formatted(method, path, body.length(), body);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    }

    /** The status line and the body of an answer that has a Content-Length. */
    String answer() throws IOException {
        var in =
                new BufferedReader(
                        new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        var status = in.readLine();
        if (status == null) throw new IOException("the connection was closed without an answer");
        int length = 0;
        for (var line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
            }
        }
        var body = new char[length];
        int read = 0;
        while (read < length) {
            int count = in.read(body, read, length - read);
            if (count < 0) throw new IOException("the answer is cut off");
            read += count;
        }
        return "%s: %s".formatted(status, new String(body).strip());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
