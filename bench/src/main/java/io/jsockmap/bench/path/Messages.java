package io.jsockmap.bench.path;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What is sent, in the shape of HTTP/1.1, so that a proxy which reads each message can take part.
 * Requests and answers of 64 bytes carry a number that the answer repeats; the stream is one POST
 * behind the other, which nobody answers.
 */
final class Messages {
    /** Bytes of a small request, and of its answer. */
    static final int SMALL = 64;

    /** Bytes of the body of a POST. */
    static final int BODY = 32 * 1024;

    private static final int NUMBER_AT = 52;
    private static final int DIGITS = 8;
    private static final int POSTS = 8;

    private static final byte[] REQUEST =
            ascii("GET /p HTTP/1.1\r\nHost: bench\r\nX-Number: ------------AAAAAAAA\r\n\r\n");
    private static final byte[] ANSWER =
            ascii("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Number: ------AAAAAAAA\r\n\r\n");
    private static final byte[] HEAD =
            ascii("POST /b HTTP/1.1\r\nHost: bench\r\nContent-Length: %d\r\n\r\n".formatted(BODY));

    private Messages() {}

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** A direct buffer that holds a request. */
    static ByteBuffer request() {
        return direct(REQUEST);
    }

    /** A direct buffer that holds an answer. */
    static ByteBuffer answer() {
        return direct(ANSWER);
    }

    private static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    /** A direct buffer with whole POSTs, to be sent again and again. */
    static ByteBuffer stream() {
        var stream = ByteBuffer.allocateDirect(POSTS * (HEAD.length + BODY));
        for (int post = 0; post < POSTS; post++) {
            stream.put(HEAD);
            for (int i = 0; i < BODY; i++) stream.put((byte) ('a' + (i * 31 + post) % 26));
        }
        return stream.flip();
    }

    /** Whether a connection that begins so asks for answers. */
    static boolean isSmall(ByteBuffer first) {
        return first.get(0) == 'G';
    }

    /** Numbers a message, by letters. */
    static void number(ByteBuffer message, int number) {
        for (int i = 0; i < DIGITS; i++) {
            int digit = number >>> (Integer.SIZE - 4 * (i + 1)) & 15;
            message.put(NUMBER_AT + i, (byte) ('A' + digit));
        }
    }

    /** The letters of a message's number. */
    static long number(ByteBuffer message) {
        return message.getLong(NUMBER_AT);
    }

    /** Gives an answer the number of its request. */
    static void answer(ByteBuffer request, ByteBuffer answer) {
        answer.putLong(NUMBER_AT, number(request));
    }
}
