package io.jsockmap.provider;

import io.jsockmap.sockmap.Admission;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Channels and selectors for code that knows nothing of the engine. Which sockets come under it an
 * {@link Admission} decides; all others behave as those of the platform.
 *
 * <p>A program that opens its channels by a provider is given one by {@link #over}. All others take
 * {@code -Djava.nio.channels.spi.SelectorProvider=io.jsockmap.provider.SockmapSelectorProvider},
 * with {@code --add-exports java.base/sun.nio.ch=ALL-UNNAMED}; its admission comes from {@link
 * #use} or from an {@link AdmissionSource}.
 *
 * {@snippet class="io.jsockmap.provider.examples.ProviderExamples" region="over"}
 */
public final class SockmapSelectorProvider extends SelectorProvider {
    private final SelectorProvider platform;
    private final Supplier<Admission> admission;
    private final Buffers buffers = new Buffers();
    private final Pump pump;

    /**
     * For the system property; {@link #over} is for everybody else.
     *
     * @throws IllegalStateException if the platform's own provider can't be reached, with what to
     *     add to the command line
     */
    public SockmapSelectorProvider() {
        this(PlatformProvider.find(), ChosenAdmission::get);
    }

    private SockmapSelectorProvider(SelectorProvider platform, Supplier<Admission> admission) {
        this.platform = Objects.requireNonNull(platform);
        this.admission = admission;
        pump = new Pump(platform);
    }

    /**
     * A provider for code that takes one.
     *
     * @param platform what opens the channels beneath: {@link SelectorProvider#provider()} unless
     *     that is one of these
     * @param admission decides which sockets come under the engine
     */
    public static SockmapSelectorProvider over(SelectorProvider platform, Admission admission) {
        Objects.requireNonNull(admission);
        return new SockmapSelectorProvider(platform, () -> admission);
    }

    /**
     * Says where the provider that the system property names gets its admission from. To be called
     * before the first channel is opened; asked once.
     *
     * @throws IllegalStateException if a channel has been opened
     */
    public static void use(Supplier<Admission> source) {
        ChosenAdmission.use(source);
    }

    Admission admission() {
        return admission.get();
    }

    Buffers buffers() {
        return buffers;
    }

    Pump pump() {
        return pump;
    }

    @Override
    public SocketChannel openSocketChannel() throws IOException {
        return new StreamChannel(this, platform.openSocketChannel());
    }

    @Override
    public SocketChannel openSocketChannel(ProtocolFamily family) throws IOException {
        return new StreamChannel(this, platform.openSocketChannel(family));
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() throws IOException {
        return new ListeningChannel(this, platform.openServerSocketChannel());
    }

    @Override
    public ServerSocketChannel openServerSocketChannel(ProtocolFamily family) throws IOException {
        return new ListeningChannel(this, platform.openServerSocketChannel(family));
    }

    @Override
    public DatagramChannel openDatagramChannel() throws IOException {
        return new PacketChannel(this, platform.openDatagramChannel());
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
        return new PacketChannel(this, platform.openDatagramChannel(family));
    }

    @Override
    public AbstractSelector openSelector() throws IOException {
        return new SockmapSelector(this, platform.openSelector());
    }

    /** The platform's: it is not under the engine, but our selectors take it. */
    @Override
    public Pipe openPipe() throws IOException {
        return platform.openPipe();
    }

    /** The platform's: it is not under the engine. */
    @Override
    public Channel inheritedChannel() throws IOException {
        return platform.inheritedChannel();
    }

    @Override
    public String toString() {
        return "SockmapSelectorProvider over " + platform;
    }
}
