package io.jsockmap.kernel.engine;

import io.jsockmap.bpf.object.LoadedObject;
import io.jsockmap.sockmap.SockmapObject;

/** An object in the kernel. */
final class KernelObject extends SockmapObject {
    private final Runnable giveBack;

    KernelObject(LoadedObject object, Runnable giveBack) {
        super(object);
        this.giveBack = giveBack;
    }

    /**
     * Closes all descriptors: the kernel frees what nobody else has, and with a map goes every
     * socket that is in it.
     */
    @Override
    public void close() {
        giveBack.run();
    }
}
