package io.jsockmap.testkit.pcap;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * What a capture file holds: the conversations, put together from its packets.
 *
 * <p>Reads pcap (both byte orders, microseconds and nanoseconds) and pcapng; Ethernet with VLAN
 * tags, raw IP, Linux cooked captures, loopback; IPv4 and IPv6; TCP and UDP. Checksums are not
 * looked at, since most captures are taken before the network card computes them. What can't be
 * read of a file that is in order is a note; a file that is not in order is an error.
 *
 * {@snippet class="io.jsockmap.testkit.examples.CaptureExamples" region="read"}
 *
 * @param conversations in the order of their first packets
 * @param packets how many packets the file has
 * @param notes what of the file is in no conversation and why, or was cut short; a line each
 */
public record Capture(List<Conversation> conversations, long packets, List<String> notes) {
    public Capture {
        conversations = List.copyOf(conversations);
        notes = List.copyOf(notes);
    }

    /**
     * Reads a file, within the usual limits.
     *
     * @throws MalformedCaptureException if it is no capture, or a damaged one
     * @throws IOException if it can't be read, or holds more than the limits allow; a line says so
     */
    public static Capture read(Path file) throws IOException {
        return read(file, CaptureLimits.DEFAULT);
    }

    /** {@link #read(Path)} within limits of one's own. */
    public static Capture read(Path file, CaptureLimits limits) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return read(new BufferedInputStream(in), file.toString(), limits);
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + file, e);
        }
    }

    /**
     * {@link #read(Path)} of what a stream gives, which stays open.
     *
     * @param name what it is called in errors
     */
    public static Capture read(InputStream in, String name, CaptureLimits limits)
            throws IOException {
        var source = PacketSource.of(new Input(in, name));
        var reading = new Conversations(limits, name);
        for (var next = source.next(); next.isPresent(); next = source.next()) {
            reading.take(next.get());
        }
        return reading.finish();
    }
}
