package io.jsockmap.proxy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.SplittableRandom;

/** One end of a connection, which may die on the way. */
final class Participant {
    /** How it ends. */
    enum Fate {
        LIVES,
        RESETS,
        CLOSES,
        ENDS_THEN_RESETS
    }

    private static final int LONGEST = 300_000;

    private final Socket socket;
    private final Fate fate;
    private final byte[] bytes;
    private final SplittableRandom random;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();

    Participant(Socket socket, Fate fate, long seed) {
        this.socket = socket;
        this.fate = fate;
        random = new SplittableRandom(seed);
        bytes = RandomBytes.of(seed, random.nextInt(LONGEST));
    }

    boolean lives() {
        return fate == Fate.LIVES;
    }

    /** What it sends, or would send if it lived. */
    byte[] bytes() {
        return bytes;
    }

    /** What it has got: all that the other sent, or the start of it if one of the two has died. */
    byte[] received() {
        return received.toByteArray();
    }

    boolean receivedStartOf(byte[] whole) {
        var start = received();
        return start.length <= whole.length
                && Arrays.equals(start, 0, start.length, whole, 0, start.length);
    }

    /** Sends all, or dies somewhere. */
    Void speak() throws IOException {
        int end = lives() ? bytes.length : random.nextInt(bytes.length + 1);
        try {
            for (int at = 0; at < end; ) {
                int count = Math.min(end - at, 1 + random.nextInt(40_000));
                socket.getOutputStream().write(bytes, at, count);
                at += count;
            }
            if (fate == Fate.LIVES || fate == Fate.ENDS_THEN_RESETS) socket.shutdownOutput();
        } catch (SocketException _) {
            // The other one died first.
        }
        switch (fate) {
            case LIVES -> {}
            case CLOSES -> socket.close();
            case RESETS, ENDS_THEN_RESETS -> Loopback.reset(socket);
        }
        return null;
    }

    /** Reads until nothing more comes, for whichever reason. */
    Void hear() throws IOException {
        var buffer = new byte[30_000];
        try {
            while (true) {
                int count = socket.getInputStream().read(buffer);
                if (count < 0) break;
                received.write(buffer, 0, count);
            }
        } catch (SocketException _) {
            // It died itself, or the other one did.
        }
        return null;
    }
}
