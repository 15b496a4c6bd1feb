package io.jsockmap.sockmap.socket;

import io.jsockmap.bpf.Errno;

import java.util.function.Supplier;

/**
 * What moves and judges a socket's bytes: the kernel's psock, where {@link Sock} is what others see
 * of the socket. Its parts work in its mailbox, except where they say otherwise.
 */
final class Psock {
    private final Sock socket;
    private final Transport transport;
    private final SockListener listener;
    private final Mailbox mailbox;
    private final Lifecycle life;
    private final Links links;
    private final IngressQueue ingress;
    private final Outlet outlet;

    /**
     * Room for bytes that receive verdicts redirected here and the send side has not dealt with.
     */
    private final Credit backlog;

    private final ReceiveSide receive;
    private final SendSide send;
    private final Intake intake;
    private final Reader reader;

    Psock(
            Sock socket,
            TcpState state,
            Transport transport,
            Judge judge,
            Limits limits,
            Delivery delivery) {
        this.socket = socket;
        this.transport = transport;
        listener = judge.listener();
        mailbox = new Mailbox(cause -> listener.failed(socket, cause));
        life = new Lifecycle(socket, state, listener);
        links = new Links(socket);
        ingress = new IngressQueue(limits.receiveBytes(), kind().keepsMessages());
        outlet = new Outlet(limits.sendBytes(), transport);
        backlog = new Credit(limits.sendBytes());
        receive = new ReceiveSide(this, judge, delivery, limits.receiveBytes());
        send = new SendSide(this, judge, delivery);
        intake = new Intake(this, send);
        reader = new Reader(this);
    }

    Sock socket() {
        return socket;
    }

    SocketKind kind() {
        return socket.kind();
    }

    Inherited programs() {
        return links.programs();
    }

    // --- Its parts -------------------------------------------------------------------------------

    Lifecycle life() {
        return life;
    }

    Links links() {
        return links;
    }

    /** What waits for the application. */
    IngressQueue ingressQueue() {
        return ingress;
    }

    /** What waits for the transport. */
    ByteQueue egressQueue() {
        return outlet.queue();
    }

    Outlet outlet() {
        return outlet;
    }

    Credit backlog() {
        return backlog;
    }

    ReceiveSide receive() {
        return receive;
    }

    SendSide send() {
        return send;
    }

    /** Where other sockets redirect to. */
    Intake intake() {
        return intake;
    }

    Reader reader() {
        return reader;
    }

    // --- Its mailbox -----------------------------------------------------------------------------

    void execute(Runnable task) {
        var _ = mailbox.execute(task);
    }

    /**
     * The same for what another socket brings here, or makes room for. The thread that is at work
     * here may be the transport's own, in the middle of what its application writes and does not
     * want to be flushed yet: what comes from elsewhere is not for it to hold back.
     */
    void executeForOthers(Runnable task) {
        if (!mailbox.execute(task)) outlet.ready();
    }

    <T> T call(Supplier<T> task) {
        return mailbox.call(task);
    }

    /** As {@link Mailbox#tryBegin}. */
    boolean tryBegin() {
        return mailbox.tryBegin();
    }

    void end() {
        mailbox.end();
    }

    /** What was begun has thrown, which is told as of any task. */
    void failed(Throwable cause) {
        mailbox.tell(cause);
    }

    /** What became of its bytes. */
    Account account() {
        return call(
                () ->
                        new Account(
                                socket.cookie(),
                                socket.addresses(),
                                life.state(),
                                links.describe(),
                                receive.account(),
                                send.account(),
                                ingress.account(),
                                egressQueue().account(),
                                send.delivered(),
                                send.held()));
    }

    /** Lets the programs that run now look at the bytes that are here already; on any thread. */
    void programsChanged() {
        execute(
                () -> {
                    send.programsChanged();
                    receive.programsChanged();
                });
    }

    // --- Its end ---------------------------------------------------------------------------------

    /** As {@link Sock#close}, after which it is in no map. */
    void close() {
        if (life.isClosed()) return;
        life.close();
        // What it held is queued now, so the close can be told.
        send.close();
        outlet.close();
        throwAwayUnread();
        life.closes();
        wakeAll();
        outlet.ready();
    }

    /** As {@link Sock#abort}, after which it is in no map. */
    void abort() {
        life.close();
        outlet.abort();
        breakUp(Errno.ECONNRESET);
        throwAwayUnread();
        wakeAll();
        outlet.ready();
    }

    /** The connection broke. */
    void fail(Errno errno) {
        breakUp(errno);
        receive.ended();
        wakeAll();
        readReady();
    }

    private void breakUp(Errno errno) {
        life.breaks(errno);
        send.cancel(errno);
        egressQueue().clear();
        life.ends();
    }

    /** After {@link Lifecycle#detach}: nothing is written any more. */
    void detach() {
        egressQueue().clear();
        wakeAll();
    }

    void throwAwayUnread() {
        ingress.discard();
        receive.discard();
        // A transport that waits for room reads on, and so finds out that it is over.
        receiveReady();
    }

    void endEgress() {
        if (outlet.isEnding()) return;
        outlet.end();
        life.outputEnds();
        wakeAll();
        outlet.ready();
    }

    /** Lets those look again who wait for room that will never come. */
    void wakeAll() {
        ingress.credit().wakeAll();
        egressQueue().credit.wakeAll();
        backlog.wakeAll();
    }

    // --- Who is told -----------------------------------------------------------------------------

    /** Why nothing can be sent, or 0; an error that is reported once is reported by this. */
    int sendError() {
        return life.sendError(outlet.isEnding());
    }

    /** Whether nothing keeps it from sending. */
    boolean maySend() {
        return life.maySend(outlet.isEnding());
    }

    /** Sets the socket's error, which the next read or send reports (SO_ERROR). */
    void raise(int errno) {
        life.raise(errno);
        readReady();
    }

    /** Bytes were thrown away here without a verdict that says so. */
    void lost(long bytes, String reason) {
        listener.lost(socket, bytes, reason);
    }

    void readReady() {
        transport.readReady();
    }

    void receiveReady() {
        transport.receiveReady();
    }

    void sendReady() {
        transport.sendReady();
    }
}
