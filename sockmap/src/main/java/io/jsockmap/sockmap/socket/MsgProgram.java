package io.jsockmap.sockmap.socket;

import io.jsockmap.bpf.program.Program;

/**
 * The sk_msg program that judges what a socket sends. It stays with the bytes that it has begun on,
 * unless it is taken away. Used in the socket's mailbox.
 */
final class MsgProgram {
    private final Psock psock;

    /** What judges the message in hand, and gave the ruling; or null. */
    private Program program;

    /** How often sk_msg programs had been taken away when it began. */
    private int removals;

    /** Whether it was taken away since, even if it is back. */
    private boolean left;

    MsgProgram(Psock psock) {
        this.psock = psock;
    }

    /** What judges the message in hand; or null. */
    Program program() {
        return program;
    }

    boolean hasLeft() {
        return left;
    }

    /** Whether anything judges what is sent, or will judge it. */
    boolean isThere() {
        return program != null || present() != null;
    }

    /** As the kernel has it, an sk_msg program takes effect on TCP only. */
    private Program present() {
        return psock.kind() == SocketKind.TCP ? psock.programs().msg() : null;
    }

    /** Begins a message, by the program that is there now. */
    @SuppressWarnings("ReferenceEquality")
    void begin(Ruling ruling) {
        // Read first: a program that is taken away meanwhile is then noticed later, and not never.
        int removalsNow = psock.links().msgRemovals();
        var now = present();
        boolean stays = removalsNow == removals && !left;
        // A verdict for a number of bytes holds for them, though another program has come.
        if (stays && (now == program || program != null && !ruling.isOpen())) return;
        program = now;
        removals = removalsNow;
        left = false;
        ruling.forget();
    }

    /** Notices that it was taken away; whether it was. */
    @SuppressWarnings("ReferenceEquality")
    boolean leaves() {
        boolean same = present() == program && psock.links().msgRemovals() == removals;
        if (same || isExchanged()) return false;
        left = true;
        return true;
    }

    /** Whether another program has taken the place of the one that is there: it begins later. */
    private boolean isExchanged() {
        return program != null && !left && psock.links().msgRemovals() == removals;
    }

    /** Lets the one that has taken its place judge: nobody has looked at what comes now. */
    void giveWay() {
        if (isExchanged()) program = present();
    }
}
