package io.jsockmap.provider;

import java.nio.channels.spi.SelectorProvider;

/**
 * The platform's own provider, which is hidden once another one is the system's. What gives it is
 * not exported, so the command line has to say that it may be used.
 */
final class PlatformProvider {
    private static final String HOLDER = "sun.nio.ch.DefaultSelectorProvider";

    private PlatformProvider() {}

    static SelectorProvider find() {
        try {
            return (SelectorProvider) Class.forName(HOLDER).getMethod("get").invoke(null);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(
                    "the platform's own channels can't be reached: add --add-exports java.base/sun.nio.ch=%s to the command line"
                            .formatted(reader()),
                    e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "this Java has no %s: give the provider what stands below it by SockmapSelectorProvider.over"
                            .formatted(HOLDER),
                    e);
        }
    }

    private static String reader() {
        var module = PlatformProvider.class.getModule();
        return module.isNamed() ? module.getName() : "ALL-UNNAMED";
    }
}
