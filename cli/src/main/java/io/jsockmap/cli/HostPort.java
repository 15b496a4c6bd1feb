package io.jsockmap.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.net.InetSocketAddress;

/** Reads HOST:PORT; an IPv6 address stands in brackets. */
final class HostPort implements ITypeConverter<InetSocketAddress> {
    static final int MAX_PORT = 65535;

    @Override
    public InetSocketAddress convert(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0) throw new TypeConversionException("'%s' is not HOST:PORT".formatted(text));
        var host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) host = host.substring(1, host.length() - 1);
        var address = new InetSocketAddress(host, port(text, text.substring(colon + 1)));
        if (address.isUnresolved()) {
            throw new TypeConversionException("there is no host '%s'".formatted(host));
        }
        return address;
    }

    private static int port(String text, String digits) {
        try {
            int port = Integer.parseInt(digits);
            if (port >= 0 && port <= MAX_PORT) return port;
        } catch (NumberFormatException _) {
            // Said below, as for a number out of range.
        }
        throw new TypeConversionException(
                "'%s' does not end in a port, 0 to 65535".formatted(text));
    }
}
