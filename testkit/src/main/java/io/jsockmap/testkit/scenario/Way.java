package io.jsockmap.testkit.scenario;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.sockmap.socket.Delivery;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * How bytes come to programs; all of these are legal.
 *
 * {@snippet class="io.jsockmap.testkit.examples.ScenarioExamples" region="once"}
 */
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

    /**
     * The way of a name.
     *
     * @throws BpfException EINVAL naming those there are
     */
    public static Way named(String name) {
        return Arrays.stream(values())
                .filter(way -> way.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new BpfException(
                                        Errno.EINVAL,
                                        "there is no play %s (%s)".formatted(name, names())));
    }

    private static String names() {
        return Arrays.stream(values())
                .map(way -> way.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }

    Play play() {
        return play;
    }

    /** For people. */
    public String words() {
        return play.words();
    }
}
