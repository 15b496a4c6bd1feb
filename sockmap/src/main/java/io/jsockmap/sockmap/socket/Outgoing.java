package io.jsockmap.sockmap.socket;

import io.jsockmap.bpf.Errno;

import java.util.List;

/** What a socket has to do for its send side, one after the other. */
sealed interface Outgoing {

    /** Bytes to send. */
    final class Send implements Outgoing {
        final Gather source;
        final boolean mayWait;
        private final SendResult result;

        /** Whether a receive verdict of some socket sent them here, with the backlog's credit. */
        final boolean redirected;

        /** Whether a held message is to be judged now, and not to be held again. */
        final boolean flushes;

        /** Bytes that were dealt with: sent, redirected, held or dropped. */
        private long done;

        /** Bytes up to the last one that was not dropped: the caller need not send them again. */
        private long accepted;

        /** Whether a datagram without bytes is still to be sent. */
        boolean isEmptyDatagram;

        private Send(
                Gather source,
                boolean mayWait,
                SendResult result,
                boolean redirected,
                boolean flushes) {
            this.source = source;
            this.mayWait = mayWait;
            this.result = result;
            this.redirected = redirected;
            this.flushes = flushes;
        }

        /** The application's. */
        static Send of(Gather source, boolean mayWait, SendResult result) {
            return new Send(source, mayWait, result, false, false);
        }

        /** What was redirected here. */
        static Send redirected(Chunk bytes, boolean asDatagram) {
            // Where they are they would keep whoever received them from receiving more.
            bytes.fetch();
            var send =
                    new Send(Gather.of(List.of(bytes.compact())), true, (_, _) -> {}, true, false);
            send.isEmptyDatagram = asDatagram && bytes.length() == 0;
            return send;
        }

        /** Nothing new: what is held shall go. */
        static Send flush() {
            return new Send(Gather.of(), true, (_, _) -> {}, false, true);
        }

        boolean hasMore() {
            return source.remaining() > 0 || isEmptyDatagram;
        }

        void accept(long bytes) {
            if (bytes == 0) return;
            done += bytes;
            accepted = done;
        }

        void drop(long bytes) {
            done += bytes;
        }

        /**
         * A send that ends with a drop has failed from there on. One that ends for another reason
         * goes on behind what was dropped before: the verdict for that was given.
         */
        void end(int errno) {
            // Bytes that a program added may pass behind the caller's last, which was dropped.
            int reason = errno == 0 && accepted < done ? Errno.EACCES.number() : errno;
            result.done(reason == Errno.EACCES.number() ? accepted : done, reason);
        }
    }

    /** The end of stream. */
    record Shutdown() implements Outgoing {}
}
