package io.jsockmap.bpf.map;

import java.util.Locale;
import java.util.Optional;

/**
 * Kinds of maps, by the kernel's numbers ({@code enum bpf_map_type}).
 *
 * {@snippet class="io.jsockmap.bpf.examples.MapExamples" region="hash"}
 */
public enum MapType {
    HASH(1),
    ARRAY(2),
    PROG_ARRAY(3),
    PERF_EVENT_ARRAY(4),
    PERCPU_HASH(5),
    PERCPU_ARRAY(6),
    STACK_TRACE(7),
    CGROUP_ARRAY(8),
    LRU_HASH(9),
    LRU_PERCPU_HASH(10),
    LPM_TRIE(11),
    ARRAY_OF_MAPS(12),
    HASH_OF_MAPS(13),
    DEVMAP(14),
    SOCKMAP(15),
    CPUMAP(16),
    XSKMAP(17),
    SOCKHASH(18),
    CGROUP_STORAGE(19),
    REUSEPORT_SOCKARRAY(20),
    PERCPU_CGROUP_STORAGE(21),
    QUEUE(22),
    STACK(23),
    SK_STORAGE(24),
    DEVMAP_HASH(25),
    STRUCT_OPS(26),
    RINGBUF(27),
    INODE_STORAGE(28),
    TASK_STORAGE(29),
    BLOOM_FILTER(30),
    USER_RINGBUF(31),
    CGRP_STORAGE(32),
    ARENA(33);

    private final int number;

    MapType(int number) {
        this.number = number;
    }

    /** The kernel's number. */
    public int number() {
        return number;
    }

    /** Whether each CPU has a value of its own. */
    public boolean isPerCpu() {
        return switch (this) {
            case PERCPU_HASH, PERCPU_ARRAY, LRU_PERCPU_HASH -> true;
            default -> false;
        };
    }

    /** Whether its values are maps. */
    public boolean holdsMaps() {
        return this == ARRAY_OF_MAPS || this == HASH_OF_MAPS;
    }

    /** Whether its values are sockets, by key or index. */
    public boolean holdsSockets() {
        return this == SOCKMAP || this == SOCKHASH;
    }

    /** The type of that number, or empty if the kernel has none. */
    public static Optional<MapType> of(int number) {
        for (var type : values()) {
            if (type.number == number) return Optional.of(type);
        }
        return Optional.empty();
    }

    /** As bpftool writes it: {@code lru_hash}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
