package io.jsockmap.sockmap.program;

import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.core.TypesFile;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The structures that programs on sockets see ({@code struct sk_msg_md} and the like), as types.
 * They come from C beside this class and not from the tables of fields, as a table has a row for
 * several fields where it treats them alike, and C is what programs are compared with.
 */
public final class ContextTypes {
    private static final String RESOURCE = "context-types.bpf.o";

    /** The types; their layouts are those of Linux 6.18. */
    public static final Btf ALL = read();

    private ContextTypes() {}

    private static Btf read() {
        try (var in = ContextTypes.class.getResourceAsStream(RESOURCE)) {
            if (in == null) throw new IllegalStateException(RESOURCE + " is missing");
            return TypesFile.read(RESOURCE, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
