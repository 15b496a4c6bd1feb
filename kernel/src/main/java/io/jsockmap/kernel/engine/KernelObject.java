package io.jsockmap.kernel.engine;

import io.jsockmap.bpf.object.LoadedObject;
import io.jsockmap.sockmap.SockmapObject;

/** An object in the kernel. */
final class KernelObject extends SockmapObject {
    private final Loaded loaded;

    KernelObject(LoadedObject object, Loaded loaded) {
        super(object);
        this.loaded = loaded;
    }

    /**
     * Closes all descriptors: the kernel frees what nobody else has, and with a map goes every
     * socket that is in it.
     */
    @Override
    public void close() {
        loaded.close();
    }
}
