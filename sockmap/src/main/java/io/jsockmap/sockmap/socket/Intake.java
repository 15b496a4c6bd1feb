package io.jsockmap.sockmap.socket;

import java.util.List;

/**
 * Where messages come in that were judged: the socket's own, and those that other sockets redirect
 * here. Whoever brings one has taken credit for it.
 */
final class Intake {
    private final Psock psock;
    private final Lifecycle life;
    private final Outlet outlet;
    private final SendSide send;

    Intake(Psock psock, SendSide send) {
        this.psock = psock;
        life = psock.life();
        outlet = psock.outlet();
        this.send = send;
    }

    /** Whether anything can come of a redirect to its application; on any thread. */
    boolean takesIngress() {
        return !psock.links().isEmpty() && !life.isClosed() && !life.isOver();
    }

    /** Whether anything can come of a redirect to its peer; on any thread. */
    boolean takesEgress() {
        return takesIngress() && !outlet.isEnding() && life.state() != TcpState.LISTEN;
    }

    /** Takes a message that a receive verdict of a socket redirected here; on any thread. */
    void accept(Psock from, Chunk message, boolean toIngress) {
        inTurn(
                from,
                () -> {
                    if (toIngress) ingress(message);
                    else send.takeRedirected(message);
                });
    }

    /**
     * Takes the pieces of a message that a send verdict of a socket redirected here: it is not
     * judged again, and nothing comes between its pieces; on any thread.
     */
    void acceptJudged(Psock from, List<Chunk> message, boolean toIngress) {
        inTurn(
                from,
                () -> {
                    if (toIngress) message.forEach(this::ingress);
                    else if (outlet.isEnding()) refuse(message);
                    else message.forEach(this::egress);
                });
    }

    /** The end of stream has overtaken a message on its way here: nothing goes behind that. */
    private void refuse(List<Chunk> message) {
        message.forEach(outlet.queue()::refuse);
        psock.lost(
                message.stream().mapToLong(Chunk::length).sum(),
                "redirected to a socket that ended its stream");
    }

    /** What a socket redirects to itself comes at once: nothing that it passes may overtake it. */
    @SuppressWarnings("ReferenceEquality")
    private void inTurn(Psock from, Runnable task) {
        if (from == psock) task.run();
        else psock.executeForOthers(task);
    }

    /** A message for the application; in the socket's mailbox. */
    void ingress(Chunk message) {
        psock.ingressQueue().add(message);
        if (life.isClosed()) psock.throwAwayUnread();
        else psock.readReady();
    }

    /** A message for the peer; in the socket's mailbox. */
    void egress(Chunk message) {
        outlet.queue().add(message);
        if (life.isOver()) outlet.queue().clear();
        else outlet.ready();
    }
}
