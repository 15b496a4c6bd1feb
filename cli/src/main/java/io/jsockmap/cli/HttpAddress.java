package io.jsockmap.cli;

import picocli.CommandLine.ITypeConverter;

import java.net.InetSocketAddress;

/** Reads HOST:PORT as {@link HostPort} does; PORT or :PORT is one of loopback. */
final class HttpAddress implements ITypeConverter<InetSocketAddress> {
    private static final String LOOPBACK = "127.0.0.1";

    @Override
    public InetSocketAddress convert(String text) {
        if (text.startsWith(":")) return new HostPort().convert(LOOPBACK + text);
        boolean isPort = !text.isEmpty() && text.chars().allMatch(Character::isDigit);
        return new HostPort().convert(isPort ? LOOPBACK + ":" + text : text);
    }
}
