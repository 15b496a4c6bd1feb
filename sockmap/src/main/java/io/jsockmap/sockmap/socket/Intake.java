package io.jsockmap.sockmap.socket;

import java.util.List;

/**
 * Where messages come in that were judged: the socket's own, and those that other sockets redirect
 * here. Whoever brings one has taken credit for it.
 */
final class Intake {
    private final Sock socket;
    private final Lifecycle life;
    private final Inbox ingress;
    private final Outlet outlet;
    private final SendSide send;

    Intake(Sock socket, Lifecycle life, Inbox ingress, Outlet outlet, SendSide send) {
        this.socket = socket;
        this.life = life;
        this.ingress = ingress;
        this.outlet = outlet;
        this.send = send;
    }

    /** Whether anything can come of a redirect to its application; on any thread. */
    boolean takesIngress() {
        return socket.isMapped() && !life.isClosed() && !life.isOver();
    }

    /** Whether anything can come of a redirect to its peer; on any thread. */
    boolean takesEgress() {
        return takesIngress() && !outlet.isEnding() && life.state() != TcpState.LISTEN;
    }

    /** Takes a message that a receive verdict of a socket redirected here; on any thread. */
    void accept(Sock from, Chunk message, boolean toIngress) {
        inTurn(
                from,
                () -> {
                    if (toIngress) ingress(message);
                    else send.deliver(message);
                });
    }

    /**
     * Takes the pieces of a message that a send verdict of a socket redirected here: it is not
     * judged again, and nothing comes between its pieces; on any thread.
     */
    void acceptJudged(Sock from, List<Chunk> message, boolean toIngress) {
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
        socket.lostHere(
                message.stream().mapToLong(Chunk::length).sum(),
                "redirected to a socket that ended its stream");
    }

    /** What a socket redirects to itself comes at once: nothing that it passes may overtake it. */
    @SuppressWarnings("ReferenceEquality")
    private void inTurn(Sock from, Runnable task) {
        if (from == socket) task.run();
        else socket.execute(task);
    }

    /** A message for the application; in the socket's mailbox. */
    void ingress(Chunk message) {
        ingress.add(message);
        if (life.isClosed()) socket.throwAwayUnread();
        else socket.readReady();
    }

    /** A message for the peer; in the socket's mailbox. */
    void egress(Chunk message) {
        outlet.queue().add(message);
        if (life.isOver()) outlet.queue().clear();
        else outlet.ready();
    }
}
