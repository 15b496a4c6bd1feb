package io.jsockmap.sockmap.socket;

/** The verdict that holds now: for the message in hand, or for a number of bytes (apply). */
final class Ruling {
    private Verdict verdict;
    private Redirect redirect;

    /** For how many bytes it holds; 0 for the message in hand. */
    private long bytes;

    /** Whether it was given on an earlier message. */
    private boolean carried;

    boolean isOpen() {
        return verdict == null;
    }

    boolean isDrop() {
        return verdict == Verdict.DROP;
    }

    /** Where the bytes go instead, or null. */
    Redirect redirect() {
        return redirect;
    }

    void give(Verdict verdict, long bytes, Redirect redirect) {
        this.verdict = verdict;
        this.bytes = bytes;
        this.redirect = verdict == Verdict.REDIRECT ? redirect : null;
        carried = false;
    }

    /** For how many of a message's bytes it holds. */
    int reach(int length) {
        return bytes > 0 && bytes < length ? (int) bytes : length;
    }

    /** It was applied to so many bytes. */
    void applied(int count) {
        bytes = Math.max(0, bytes - count);
        if (bytes == 0) forget();
    }

    /** The message in hand is over; what holds now is for the bytes of the next. */
    void carry() {
        carried = !isOpen();
    }

    /** The message in hand is given back: what it brought about goes with it. */
    void takeBack() {
        if (!carried) forget();
    }

    void forget() {
        verdict = null;
        redirect = null;
        bytes = 0;
    }
}
