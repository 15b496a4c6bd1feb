package io.jsockmap.testkit.scenario;

import io.jsockmap.sockmap.socket.Delivery;

/**
 * One way to play a scenario.
 *
 * @param delivery how much of a message programs see at once
 * @param segmentation how streams are cut on their way
 */
record Play(Delivery delivery, Segmentation segmentation) {
    /** Nothing made hard. */
    static final Play WHOLE = new Play(Delivery.WHOLE, new Segmentation.AsSent());

    /** For people: what is special about it. */
    String words() {
        var cut =
                switch (segmentation) {
                    case Segmentation.AsSent _ -> "in pieces as they are sent";
                    case Segmentation.Joined _ -> "with sends that follow each other joined";
                    case Segmentation.Bytewise _ -> "byte by byte";
                    case Segmentation.CutOnce(var from, long at) ->
                            "with a cut behind byte %d of what %s sends".formatted(at, from);
                    case Segmentation.AtRandom(long seed) ->
                            "in pieces at random (seed %d)".formatted(seed);
                };
        var seen =
                switch (delivery) {
                    case WHOLE -> "all that is there can be read directly";
                    case KERNEL -> "no received byte can be read directly before it is pulled";
                    case HOSTILE ->
                            "as little as is legal can be read directly, and is judged byte by"
                                    + " byte";
                };
        return "streams come %s; %s".formatted(cut, seen);
    }
}
