package io.jsockmap.bench;

/** Says of long work how far it is, a line for each part that is done. */
public final class Progress {
    private final String work;
    private final int parts;
    private int done;

    /**
     * Begins.
     *
     * @param work what is done
     * @param parts how many parts it has
     */
    public Progress(String work, int parts) {
        this.work = work;
        this.parts = parts;
    }

    /** Another part is done: which, or what came of it. */
    public void done(Object part) {
        done++;
        IO.println("%s %d/%d: %s".formatted(work, done, parts, part));
    }
}
