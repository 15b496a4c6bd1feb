package io.jsockmap.bpf.map;

import io.jsockmap.bpf.Errno;

/** What the kernel asks of the definition of any hash. */
final class HashRules {
    static final int NO_PREALLOC = 1;
    static final int NO_COMMON_LRU = 1 << 1;
    private static final int ZERO_SEED = 1 << 6;

    private static final int FLAGS =
            NO_PREALLOC
                    | BpfMap.NUMA_NODE
                    | BpfMap.RDONLY
                    | BpfMap.WRONLY
                    | ZERO_SEED
                    | BpfMap.RDONLY_PROG
                    | BpfMap.WRONLY_PROG;

    /** KMALLOC_MAX_SIZE of the kernel: an element is one piece of memory. */
    private static final int MAX_ELEMENT = 1 << 22;

    private HashRules() {}

    static void check(BpfMap map, boolean perCpu, HashTable.WhenFull whenFull) {
        boolean evicts = whenFull == HashTable.WhenFull.EVICT;
        map.checkFlags(evicts ? FLAGS | NO_COMMON_LRU : FLAGS);
        int flags = map.definition().flags();
        if (evicts && (flags & NO_PREALLOC) != 0) {
            throw map.failure(Errno.ENOTSUPP, "BPF_F_NO_PREALLOC");
        }
        boolean listsPerCpu = (flags & NO_COMMON_LRU) != 0;
        if ((flags & BpfMap.NUMA_NODE) != 0 && (perCpu || listsPerCpu)) {
            throw map.failure(Errno.EINVAL, "BPF_F_NUMA_NODE for what is kept per CPU");
        }
        checkSizes(map);
        if (perCpu) PercpuValue.checkSize(map.definition());
    }

    private static void checkSizes(BpfMap map) {
        if (map.keySize() == 0) throw map.failure(Errno.EINVAL, "no key");
        if (map.valueSize() == 0) throw map.failure(Errno.EINVAL, "no value");
        long size = Integer.toUnsignedLong(map.keySize()) + Integer.toUnsignedLong(map.valueSize());
        if (size >= MAX_ELEMENT) {
            throw map.failure(Errno.E2BIG, "elements of %d bytes, more than 4 MiB".formatted(size));
        }
    }
}
