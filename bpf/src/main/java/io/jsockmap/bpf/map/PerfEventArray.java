package io.jsockmap.bpf.map;

import java.util.List;

/**
 * A buffer of records for each CPU, which the application opens.
 *
 * {@snippet class="io.jsockmap.bpf.examples.EventExamples" region="perf"}
 */
public interface PerfEventArray {

    /**
     * Opens the buffer of a CPU; one that was there takes no more records.
     *
     * @param bytes its size, a power of two of at least 4096; a record takes its own bytes and
     *     about 16 more
     * @throws MapException E2BIG for an index beyond the end, ENODEV for a CPU that is not there,
     *     EINVAL for another size, ENOMEM, EPERM for a BPF_F_RDONLY or frozen map
     */
    PerfBuffer open(long index, int bytes);

    /** Opens the buffers of all CPUs for which there is an index; errors as for one. */
    List<? extends PerfBuffer> openAll(int bytesEach);
}
