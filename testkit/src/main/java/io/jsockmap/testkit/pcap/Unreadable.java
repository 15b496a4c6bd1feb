package io.jsockmap.testkit.pcap;

/** Why a packet is in no conversation. Ordinary: a capture holds much that is not TCP or UDP. */
final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * @param reason one of few, so that packets with the same can be counted
     */
    Unreadable(String reason) {
        super(reason, null, false, false);
    }

    /**
     * Bytes that a header needs are not there.
     *
     * @param cut whether they were not captured, or else never were there
     */
    static Unreadable tooShort(String header, boolean cut) {
        return new Unreadable(
                cut
                        ? "cut off by the capture within the %s header".formatted(header)
                        : "damaged: too short for its %s header".formatted(header));
    }
}
