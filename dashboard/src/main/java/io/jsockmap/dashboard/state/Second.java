package io.jsockmap.dashboard.state;

/** Verdicts that were given within a second. */
public record Second(long pass, long drop, long redirect) {
    /** All of them. */
    public long all() {
        return pass + drop + redirect;
    }
}
