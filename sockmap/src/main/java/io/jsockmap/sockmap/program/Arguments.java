package io.jsockmap.sockmap.program;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.memory.MemoryFault;
import io.jsockmap.bpf.program.Run;
import io.jsockmap.sockmap.map.UserSockHash;
import io.jsockmap.sockmap.map.UserSockMap;

/** What the registers hold that programs give to helpers. */
final class Arguments {
    private Arguments() {}

    /** Of a number of 32 bits the upper half of the register does not count. */
    static long u32(long value) {
        return value & 0xffff_ffffL;
    }

    static UserSockMap sockMap(Run run, long address) {
        return expect(run.map(address), UserSockMap.class, "sockmap");
    }

    static UserSockHash sockHash(Run run, long address) {
        return expect(run.map(address), UserSockHash.class, "sockhash");
    }

    private static <M> M expect(BpfMap map, Class<M> kind, String name) {
        if (kind.isInstance(map)) return kind.cast(map);
        throw new MemoryFault("map " + map, 0, 0, "is not a " + name);
    }

    static byte[] key(Run run, BpfMap map, long address) {
        return run.memory().readable(address, map.keySize()).toArray(JAVA_BYTE);
    }
}
