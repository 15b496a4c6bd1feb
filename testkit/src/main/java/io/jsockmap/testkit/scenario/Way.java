package io.jsockmap.testkit.scenario;

import io.jsockmap.sockmap.socket.Delivery;

/** How bytes come to programs; all of these are legal. */
public enum Way {
    /** As they are sent, all that is there to be seen at once. A program may rely on none of it. */
    WHOLE(new Play(Delivery.WHOLE, new Segmentation.AsSent())),
    /** As they are sent, with as much to be read directly as Linux shows over loopback. */
    KERNEL(new Play(Delivery.KERNEL, new Segmentation.AsSent())),
    /** Byte by byte. */
    BYTEWISE(new Play(Delivery.KERNEL, new Segmentation.Bytewise())),
    /** In pieces of 1 to 24 bytes. */
    PIECES(new Play(Delivery.KERNEL, new Segmentation.AtRandom(1))),
    /** Byte by byte, with as little to be read directly as is legal. */
    HOSTILE(new Play(Delivery.HOSTILE, new Segmentation.Bytewise()));

    private final Play play;

    Way(Play play) {
        this.play = play;
    }

    Play play() {
        return play;
    }

    /** For people. */
    public String words() {
        return play.words();
    }
}
