package io.jsockmap.sockmap.socket;

/**
 * Where a program wants a message to go instead.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.ListenerExamples" region="redirect"}
 *
 * @param target the socket
 * @param ingress to its application (BPF_F_INGRESS), or else to its peer
 * @param whenFull what to do if the target has no room, as its map says
 */
public record Redirect(Sock target, boolean ingress, FullTarget whenFull) {

    /** The credit of the queue that a message goes to once it has been judged for good. */
    Credit queue() {
        return ingress
                ? target.psock().ingressQueue().credit()
                : target.psock().egressQueue().credit;
    }

    /**
     * The credit of a received message: on its way out the target's program judges it once more, so
     * it must not take room of the queue, for which that program's messages may wait.
     */
    Credit backlog() {
        return ingress ? target.psock().ingressQueue().credit() : target.psock().backlog();
    }

    /** Takes credit as the policy allows; false if there is none. */
    boolean tryAcquire(Credit credit, int bytes) {
        return whenFull instanceof FullTarget.Queue(long limit)
                ? credit.tryAcquire(bytes, limit)
                : credit.tryAcquire(bytes);
    }

    /**
     * Takes credit up to twice of what the policy allows: for the last message of a socket that
     * closes and can't wait. However many do, the queue stays bounded.
     */
    boolean tryAcquireAtLast(Credit credit, int bytes) {
        return credit.tryAcquireTwice(bytes, whenFull instanceof FullTarget.Queue(long n) ? n : 0);
    }

    /** Whether bytes without room are thrown away. */
    boolean dropsWhenFull() {
        return whenFull instanceof FullTarget.Drop;
    }

    /** Whether nothing can come of it any more: the target is closed, broken, or in no map. */
    boolean isDead() {
        var intake = target.psock().intake();
        return ingress ? !intake.takesIngress() : !intake.takesEgress();
    }
}
