package io.jsockmap.bpf;

/**
 * A file that is no eBPF object, or a damaged one: which section, where, and what is wrong.
 *
 * {@snippet class="io.jsockmap.bpf.examples.ObjectExamples" region="damaged"}
 */
public final class MalformedObjectException extends BpfException {
    private static final long serialVersionUID = 1L;

    private final String section;
    private final long offset;
    private final String problem;

    public MalformedObjectException(String section, long offset, String problem) {
        this("", section, offset, problem);
    }

    private MalformedObjectException(String file, String section, long offset, String problem) {
        super(
                Errno.ENOEXEC,
                "%ssection %s, offset %d: %s"
                        .formatted(file.isEmpty() ? "" : file + ": ", section, offset, problem));
        this.section = section;
        this.offset = offset;
        this.problem = problem;
    }

    /** The same with the file's name in front. */
    public MalformedObjectException of(String file) {
        return new MalformedObjectException(file, section, offset, problem);
    }

    /** The section with the problem. */
    public String section() {
        return section;
    }

    /** The byte in that section. */
    public long offset() {
        return offset;
    }
}
