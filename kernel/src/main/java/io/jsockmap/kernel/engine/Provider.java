package io.jsockmap.kernel.engine;

import io.jsockmap.sockmap.EngineProvider;
import io.jsockmap.sockmap.SockmapEngine;

/**
 * How {@link SockmapEngine#kernel} finds this module.
 *
 * {@snippet class="io.jsockmap.kernel.examples.KernelExamples" region="provider"}
 */
public final class Provider implements EngineProvider {
    @Override
    public String name() {
        return "kernel";
    }

    @Override
    public SockmapEngine open() {
        return KernelEngine.open();
    }
}
