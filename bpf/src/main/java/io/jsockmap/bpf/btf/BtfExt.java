package io.jsockmap.bpf.btf;

import io.jsockmap.bpf.MalformedObjectException;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The {@code .BTF.ext} section: types of functions, source lines of instructions, and what CO-RE
 * changes.
 *
 * {@snippet class="io.jsockmap.bpf.examples.BtfExamples" region="lines"}
 */
public final class BtfExt {
    private static final int FUNCTION_RECORD = 8;
    private static final int OTHER_RECORD = 16;

    private final Map<String, NavigableMap<Integer, Integer>> functions = new HashMap<>();
    private final Map<String, NavigableMap<Integer, SourceLine>> lines = new HashMap<>();
    private final Map<String, List<CoreRecord>> relocations = new HashMap<>();
    private final BtfBlob blob;

    private BtfExt(BtfBlob blob) {
        this.blob = blob;
    }

    /**
     * Reads a {@code .BTF.ext} section.
     *
     * @param section its bytes
     * @param btf the bytes of {@code .BTF}, which has the strings
     * @throws MalformedObjectException if it is damaged
     */
    public static BtfExt read(byte[] section, byte[] btf) {
        var ext = new BtfExt(new BtfBlob(".BTF.ext", section, btf));
        ext.readAll();
        return ext;
    }

    /** The numbers of the types of a section's functions, by their offset in bytes. */
    public NavigableMap<Integer, Integer> functionsOf(String section) {
        return functions.getOrDefault(section, new TreeMap<>());
    }

    /** The lines of a section's instructions, by their offset in bytes. */
    public NavigableMap<Integer, SourceLine> linesOf(String section) {
        return lines.getOrDefault(section, new TreeMap<>());
    }

    /** The CO-RE relocations of a section's instructions, in the file's order. */
    public List<CoreRecord> relocationsOf(String section) {
        return relocations.getOrDefault(section, List.of());
    }

    private void readAll() {
        try {
            readSections(blob.part(8, 12), FUNCTION_RECORD, this::readFunction);
            readSections(blob.part(16, 20), OTHER_RECORD, this::readLine);
            if (blob.hasField(28)) {
                readSections(blob.part(24, 28), OTHER_RECORD, this::readRelocation);
            }
        } catch (BufferUnderflowException _) {
            throw new MalformedObjectException(".BTF.ext", 0, "records are cut off");
        }
    }

    private void readSections(ByteBuffer in, int smallest, RecordReader reader) {
        if (!in.hasRemaining()) return;
        int size = in.getInt();
        if (size < smallest) {
            throw new MalformedObjectException(
                    ".BTF.ext",
                    0,
                    "records of %d bytes, at least %d expected".formatted(size, smallest));
        }
        while (in.hasRemaining()) {
            var section = blob.string(in.getInt());
            int count = in.getInt();
            for (int i = 0; i < count; i++) {
                if (in.remaining() < size) throw new BufferUnderflowException();
                reader.read(section, in.slice().order(in.order()));
                in.position(in.position() + size);
            }
        }
    }

    private void readFunction(String section, ByteBuffer in) {
        functions.computeIfAbsent(section, _ -> new TreeMap<>()).put(in.getInt(), in.getInt());
    }

    private void readLine(String section, ByteBuffer in) {
        int offset = in.getInt();
        var file = blob.string(in.getInt());
        var text = blob.string(in.getInt()).strip();
        int place = in.getInt();
        lines.computeIfAbsent(section, _ -> new TreeMap<>())
                .put(offset, new SourceLine(file, place >>> 10, place & 0x3ff, text));
    }

    private void readRelocation(String section, ByteBuffer in) {
        int offset = in.getInt();
        int type = in.getInt();
        var access = blob.string(in.getInt());
        relocations
                .computeIfAbsent(section, _ -> new ArrayList<>())
                .add(new CoreRecord(section, offset, type, access, in.getInt()));
    }

    private interface RecordReader {
        void read(String section, ByteBuffer in);
    }
}
