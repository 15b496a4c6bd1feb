package io.jsockmap.proxy;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/** The first bytes of a TLS client, as Java's own makes them. */
final class ClientHello {
    private ClientHello() {}

    static byte[] asking(String name) throws GeneralSecurityException, SSLException {
        return hello(List.of(new SNIHostName(name)));
    }

    static byte[] withoutName() throws GeneralSecurityException, SSLException {
        return hello(List.of());
    }

    private static byte[] hello(List<SNIServerName> names)
            throws GeneralSecurityException, SSLException {
        var engine = SSLContext.getDefault().createSSLEngine();
        engine.setUseClientMode(true);
        var parameters = engine.getSSLParameters();
        parameters.setServerNames(names);
        engine.setSSLParameters(parameters);
        var record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), record);
        return Arrays.copyOf(record.array(), record.position());
    }
}
