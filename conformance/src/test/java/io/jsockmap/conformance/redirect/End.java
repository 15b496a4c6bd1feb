package io.jsockmap.conformance.redirect;

import io.jsockmap.conformance.lab.Datagrams;
import io.jsockmap.conformance.lab.Lab;
import io.jsockmap.conformance.lab.Stream;
import io.jsockmap.sockmap.socket.SockmapSocket;

import java.io.IOException;

/** A socket of any kind that is connected to a plain one. */
sealed interface End {

    SockmapSocket socket();

    /** The application sends. */
    void sends(String text) throws IOException;

    /** The application reads just that. */
    void receives(String text) throws IOException;

    void farSends(String text) throws IOException;

    /** The far end reads just that. */
    void farReceives(String text) throws IOException;

    enum Kind {
        TCP4,
        TCP6,
        UDP4,
        UDP6,
        UNIX_STREAM;

        boolean isTcp() {
            return this == TCP4 || this == TCP6;
        }

        End open(Lab lab) throws IOException {
            return switch (this) {
                case TCP4 -> new OfStream(lab.tcp());
                case TCP6 -> new OfStream(lab.tcp6());
                case UDP4 -> new OfDatagrams(lab.udp());
                case UDP6 -> new OfDatagrams(lab.udp6());
                case UNIX_STREAM -> new OfStream(lab.unix());
            };
        }
    }

    record OfStream(Stream stream) implements End {
        @Override
        public SockmapSocket socket() {
            return stream.socket();
        }

        @Override
        public void sends(String text) throws IOException {
            stream.sends(text);
        }

        @Override
        public void receives(String text) throws IOException {
            stream.receives(text);
        }

        @Override
        public void farSends(String text) throws IOException {
            stream.farSends(text);
        }

        @Override
        public void farReceives(String text) throws IOException {
            stream.farReceives(text);
        }
    }

    record OfDatagrams(Datagrams datagrams) implements End {
        @Override
        public SockmapSocket socket() {
            return datagrams.socket();
        }

        @Override
        public void sends(String text) throws IOException {
            datagrams.sends(text);
        }

        @Override
        public void receives(String text) throws IOException {
            datagrams.finds(text);
        }

        @Override
        public void farSends(String text) throws IOException {
            datagrams.farSends(text);
        }

        @Override
        public void farReceives(String text) throws IOException {
            datagrams.farReceives(text);
        }
    }
}
