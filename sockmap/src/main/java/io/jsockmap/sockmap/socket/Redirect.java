package io.jsockmap.sockmap.socket;

/**
 * Where a program wants a message to go instead.
 *
 * @param target the socket
 * @param ingress to its application (BPF_F_INGRESS), or else to its peer
 */
public record Redirect(Sock target, boolean ingress) {

    /** Takes credit of the queue that the message would go to. */
    boolean tryAcquire(int bytes) {
        return credit().tryAcquire(bytes);
    }

    Credit credit() {
        return ingress ? target.ingress().credit : target.egress().credit;
    }

    /** Whether nothing can come of it any more: the target is closed, broken, or in no map. */
    boolean isDead() {
        return ingress ? !target.takesIngress() : !target.takesEgress();
    }
}
