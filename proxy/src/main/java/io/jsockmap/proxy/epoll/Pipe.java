package io.jsockmap.proxy.epoll;

import io.jsockmap.sockmap.socket.Chunk;

import java.lang.ref.Cleaner;

/**
 * A pipe(7) through which bytes pass unseen from one socket to another. Whoever holds it uses it;
 * emptied, it goes back to where it is from, on whatever thread that is.
 */
final class Pipe {
    private static final Cleaner CLEANER = Cleaner.create();

    private final Pipes home;
    private final Ends ends;
    private final Cleaner.Cleanable cleanable;
    private Piped held;

    /** Whose bytes are in a pipe. */
    interface Owner {
        /**
         * They are in it no more; on any thread.
         *
         * @param seen whether somebody looked at them
         */
        void emptied(boolean seen);
    }

    Pipe(Pipes home, int[] ends) {
        this.home = home;
        this.ends = new Ends(home, ends[0], ends[1]);
        // Bytes that nobody wants any more may be forgotten without a word, and the pipe with them.
        cleanable = CLEANER.register(this, this.ends);
    }

    /** What is left of a pipe that is forgotten. */
    private static final class Ends implements Runnable {
        private final Pipes home;
        private final int read;
        private final int write;
        private volatile Owner owner;

        Ends(Pipes home, int read, int write) {
            this.home = home;
            this.read = read;
            this.write = write;
        }

        @Override
        public void run() {
            Libc.leave(read);
            Libc.leave(write);
            home.gone();
            if (owner != null) owner.emptied(false);
        }
    }

    /**
     * Takes what a socket has, into the empty pipe; if there is nothing, the pipe goes back.
     *
     * @return how many bytes, or as {@link Libc#splice}
     */
    int fill(Libc libc, int descriptor, Owner owner) {
        int count = libc.splice(descriptor, ends.write, Pipes.SIZE);
        if (count <= 0) {
            home.giveBack(this);
            return count;
        }
        ends.owner = owner;
        held = new Piped(count);
        return count;
    }

    /** What is in it. */
    Piped held() {
        return held;
    }

    void close() {
        cleanable.clean();
    }

    /** What was put into the pipe at once. */
    final class Piped implements Chunk.Source {
        private int left;

        private Piped(int count) {
            left = count;
        }

        /** Moves bytes to a socket; gives as {@link Libc#splice}. */
        int moveTo(Libc libc, int descriptor, int most) {
            int count = libc.splice(ends.read, descriptor, most);
            if (count <= 0) return count;
            left -= count;
            if (left == 0) emptied(false);
            return count;
        }

        @Override
        public byte[] fetch() {
            if (left == 0) throw new IllegalStateException("the bytes have been sent already");
            var bytes = new byte[left];
            Libc.fetch(ends.read, bytes);
            left = 0;
            emptied(true);
            return bytes;
        }

        /** Sooner than to read them the pipe is given up. */
        @Override
        public void drop() {
            if (left == 0) return;
            left = 0;
            close();
        }

        private void emptied(boolean seen) {
            // From then on it may be somebody else's.
            var owner = ends.owner;
            ends.owner = null;
            home.giveBack(Pipe.this);
            owner.emptied(seen);
        }
    }
}
