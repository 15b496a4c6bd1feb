package io.jsockmap.sockmap.socket;

import io.jsockmap.bpf.Errno;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;

/** What happens to bytes that a socket shall send. Runs in the socket's mailbox. */
final class SendSide {
    /** A send that no program looks at is cut into pieces of this size at most. */
    private static final int PIECE = 65536;

    private final Sock socket;
    private final Judge judge;
    private final Queue<Operation> operations = new ArrayDeque<>();
    private final WakeUp wakeUp;

    private long in;
    private long passed;
    private long redirected;
    private long dropped;
    private long held;

    SendSide(Sock socket, Judge judge) {
        this.socket = socket;
        this.judge = judge;
        wakeUp = new WakeUp(socket, this::process);
    }

    private sealed interface Operation {}

    /** The application's send. */
    private static final class Send implements Operation {
        final ByteBuffer source;
        final boolean mayWait;
        final SendResult result;
        long accepted;

        /** A message that was judged and waits for room, and where it goes: null to the peer. */
        Chunk waiting;

        Redirect redirect;

        Send(ByteBuffer source, boolean mayWait, SendResult result) {
            this.source = source;
            this.mayWait = mayWait;
            this.result = result;
        }
    }

    /**
     * Bytes that a receive verdict of some socket redirected here; they have the backlog's credit.
     */
    private static final class Delivery implements Operation {
        final Chunk bytes;
        boolean judged;
        Redirect redirect;

        Delivery(Chunk bytes) {
            this.bytes = bytes;
        }
    }

    /** The end of stream. */
    private record Shutdown() implements Operation {}

    void send(ByteBuffer source, boolean mayWait, SendResult result) {
        // Others may wait before it; a send that may not wait can't stand in line either.
        if (!mayWait && !operations.isEmpty()) {
            result.done(0, Errno.EAGAIN.number());
            return;
        }
        operations.add(new Send(source, mayWait, result));
        process();
    }

    void deliver(Chunk bytes) {
        in += bytes.length();
        held += bytes.length();
        operations.add(new Delivery(bytes));
        process();
    }

    void shutdown() {
        operations.add(new Shutdown());
        process();
    }

    /** Ends everything that waits, because the socket can't send any more. */
    void cancel(Errno errno) {
        for (var next = operations.poll(); next != null; next = operations.poll()) {
            switch (next) {
                case Send send -> {
                    if (send.waiting != null) drop(send.waiting.length());
                    send.result.done(send.accepted, errno.number());
                }
                case Delivery delivery -> discard(delivery, "its socket is gone");
                case Shutdown _ -> {}
            }
        }
    }

    private void process() {
        for (var next = operations.peek(); next != null; next = operations.peek()) {
            boolean over =
                    switch (next) {
                        case Send send -> proceed(send);
                        case Delivery delivery -> proceed(delivery);
                        case Shutdown _ -> {
                            socket.endEgress();
                            yield true;
                        }
                    };
            if (!over) return;
            operations.poll();
        }
    }

    /** Goes on with a send; true when it is over. */
    private boolean proceed(Send send) {
        while (send.waiting != null || send.source.hasRemaining()) {
            if (send.waiting == null) {
                int error = socket.sendError();
                if (error != 0) return over(send, error);
                // As the kernel waits for memory before it takes a byte or runs a program.
                if (socket.egress().credit.left() == 0)
                    return waitFor(send, socket.egress().credit);
                if (!judge(send)) return over(send, Errno.EACCES.number());
            }
            int bytes = send.waiting.length();
            if (send.redirect != null && send.redirect.isDead()) {
                drop(bytes);
                send.waiting = null;
                return over(send, Errno.EPIPE.number());
            }
            var credit = send.redirect == null ? socket.egress().credit : send.redirect.queue();
            if (!credit.tryAcquire(bytes)) return waitFor(send, credit);
            handOver(send.waiting, send.redirect);
            send.accepted += bytes;
            send.waiting = null;
        }
        return over(send, 0);
    }

    /** Takes the next message of a send and judges it; false if it was dropped. */
    private boolean judge(Send send) {
        var program = socket.programs().msg();
        var message = slice(send.source, program == null ? PIECE : SkMsg.MAX_SIZE);
        in += message.length();
        held += message.length();
        send.redirect = null;
        if (program != null) {
            var msg = new SkMsg(socket, message);
            if (judge.judge(program, msg) == Verdict.DROP) {
                drop(message.length());
                return false;
            }
            send.redirect = msg.redirect();
        }
        send.waiting = message;
        return true;
    }

    private static Chunk slice(ByteBuffer source, int most) {
        int size = Math.min(source.remaining(), most);
        var slice = source.slice(source.position(), size);
        source.position(source.position() + size);
        return Chunk.copyOf(slice);
    }

    private boolean over(Send send, int errno) {
        send.result.done(send.accepted, errno);
        return true;
    }

    private boolean waitFor(Send send, Credit credit) {
        if (send.mayWait) {
            wakeUp.await(credit);
            return false;
        }
        if (send.waiting != null) {
            // The caller keeps the bytes and sends them again.
            in -= send.waiting.length();
            held -= send.waiting.length();
            send.waiting = null;
        }
        return over(send, Errno.EAGAIN.number());
    }

    /** Goes on with redirected bytes; true when they are gone from here. */
    private boolean proceed(Delivery delivery) {
        if (!socket.takesEgress()) return discard(delivery, "redirected to a socket that is gone");
        var program = socket.programs().msg();
        if (program != null && !delivery.judged) {
            var msg = new SkMsg(socket, delivery.bytes);
            if (judge.judge(program, msg) == Verdict.DROP) {
                return discard(delivery, "");
            }
            delivery.judged = true;
            delivery.redirect = msg.redirect();
        }
        var redirect = delivery.redirect;
        if (redirect != null && redirect.isDead()) {
            return discard(delivery, "redirected to a socket that is gone");
        }
        int bytes = delivery.bytes.length();
        var credit = redirect == null ? socket.egress().credit : redirect.queue();
        if (!credit.tryAcquire(bytes)) {
            wakeUp.await(credit);
            return false;
        }
        socket.backlog().release(bytes);
        handOver(delivery.bytes, redirect);
        return true;
    }

    private boolean discard(Delivery delivery, String reason) {
        int bytes = delivery.bytes.length();
        drop(bytes);
        socket.backlog().release(bytes);
        if (!reason.isEmpty()) judge.listener().lost(socket, bytes, reason);
        return true;
    }

    private void handOver(Chunk message, Redirect redirect) {
        held -= message.length();
        if (redirect == null) {
            passed += message.length();
            socket.acceptEgress(message);
        } else {
            redirected += message.length();
            redirect.target().acceptJudged(socket, message, redirect.ingress());
        }
    }

    private void drop(int bytes) {
        dropped += bytes;
        held -= bytes;
    }

    Account.Flow account() {
        return new Account.Flow(in, passed, redirected, dropped, held);
    }
}
