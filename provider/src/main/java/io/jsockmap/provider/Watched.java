package io.jsockmap.provider;

import java.nio.channels.SelectableChannel;

/** A channel of ours as selectors see it. */
interface Watched {
    /** The channel of the platform beneath it. */
    SelectableChannel platform();

    Watchers watchers();

    /** The socket under the engine; or null, if there is none or none yet. */
    Conduit conduit();

    /** A channel as selectors see it; one of the platform too, such as an end of a pipe. */
    static Watched of(SelectableChannel channel) {
        return channel instanceof Watched ours ? ours : new Foreign(channel, new Watchers());
    }

    /** A channel that is not ours. */
    record Foreign(SelectableChannel platform, Watchers watchers) implements Watched {
        @Override
        public Conduit conduit() {
            return null;
        }
    }
}
