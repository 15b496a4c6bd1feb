package io.jsockmap.sockmap;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;

import java.util.ServiceLoader;

/**
 * How an engine of another module is found: by {@link ServiceLoader}.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.EngineExamples" region="choose"}
 */
public interface EngineProvider {

    /** Its engine's {@link SockmapEngine#name}. */
    String name();

    /**
     * Opens an engine.
     *
     * @throws BpfException EPERM and ENOSYS naming what is missing
     */
    SockmapEngine open();

    /**
     * That of the kernel.
     *
     * @throws BpfException ENODEV if the module is not there
     */
    static EngineProvider kernel() {
        return ServiceLoader.load(EngineProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.name().equals("kernel"))
                .findFirst()
                .orElseThrow(
                        () ->
                                new BpfException(
                                        Errno.ENODEV,
                                        "no kernel engine here: add the module"
                                                + " io.jsockmap.kernel"));
    }
}
