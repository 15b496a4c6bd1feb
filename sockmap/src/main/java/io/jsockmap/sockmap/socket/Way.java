package io.jsockmap.sockmap.socket;

import java.util.ArrayList;
import java.util.List;

/**
 * Where bytes go that may be sent: to the socket's own peer, or where its program redirects them.
 *
 * @param psock whose send it is
 * @param redirect where else, or null
 */
record Way(Psock psock, Redirect redirect) {

    boolean isOwn() {
        return redirect == null;
    }

    /** Whether nothing can come of it any more. */
    boolean isDead() {
        return !isOwn() && redirect.isDead();
    }

    /** Whether bytes without room are thrown away. */
    boolean dropsWhenFull() {
        return !isOwn() && redirect.dropsWhenFull();
    }

    /** Room for the bytes. */
    Credit credit() {
        return isOwn() ? psock.egressQueue().credit : redirect.queue();
    }

    /**
     * Takes credit for a message, or a part of it; false if there is none.
     *
     * @param atLast whether the socket is closing and can't wait
     */
    boolean tryAcquire(int count, boolean atLast) {
        if (count == 0 && !psock.kind().keepsMessages()) return true;
        if (!isOwn()) {
            return atLast
                    ? redirect.tryAcquireAtLast(credit(), count)
                    : redirect.tryAcquire(credit(), count);
        }
        // The socket's own queue ends with it, so it can't grow without end.
        if (atLast) credit().acquire(count);
        return atLast || credit().tryAcquire(count);
    }

    /** Gives bytes away, for which credit has been taken. */
    void give(List<Chunk> pieces) {
        if (isOwn()) {
            var parts = psock.kind().keepsMessages() ? List.of(SkMsg.joined(pieces)) : pieces;
            parts.forEach(psock.intake()::egress);
        } else if (!pieces.isEmpty()) {
            var target = redirect.target().psock();
            var parts = target.kind().keepsMessages() ? datagrams(pieces) : pieces;
            target.intake().acceptJudged(psock, parts, redirect.ingress());
        }
    }

    /** One datagram, or as many as are needed for what is too long for one. */
    private static List<Chunk> datagrams(List<Chunk> pieces) {
        var all = SkMsg.joined(pieces);
        List<Chunk> datagrams = new ArrayList<>();
        while (all.length() > Limits.LONGEST_DATAGRAM) {
            datagrams.add(all.first(Limits.LONGEST_DATAGRAM));
            all = all.from(Limits.LONGEST_DATAGRAM);
        }
        datagrams.add(all);
        return datagrams;
    }
}
