package io.jsockmap.provider;

import java.io.IOException;

/** Something that is done with a channel, and may fail. */
interface Io<T> {
    T run() throws IOException;
}
