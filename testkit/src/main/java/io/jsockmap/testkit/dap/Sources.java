package io.jsockmap.testkit.dap;

import io.jsockmap.bpf.program.Program;
import io.jsockmap.testkit.debug.Listing;
import io.jsockmap.testkit.source.SourceFiles;

import org.eclipse.lsp4j.debug.Source;
import org.eclipse.lsp4j.debug.SourceResponse;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Sources as the client has them: a file that it can open, or a text that it asks for. */
final class Sources {
    private final SourceFiles files;
    private final Listing listing;
    private final List<Text> texts = new ArrayList<>();

    private record Text(Program program, String file) {}

    Sources(SourceFiles files) {
        this.files = files;
        listing = new Listing(files);
    }

    /** The source of that name in a program's line information. */
    Source of(Program program, String file) {
        var source = new Source();
        source.setName(file.substring(file.lastIndexOf('/') + 1));
        var found = files.find(file).map(Path::toAbsolutePath);
        if (found.isPresent()) source.setPath(found.get().toString());
        else source.setSourceReference(reference(new Text(program, file)));
        return source;
    }

    private int reference(Text text) {
        if (!texts.contains(text)) texts.add(text);
        return texts.indexOf(text) + 1;
    }

    /** The text of a source that is no file here: the lines that BTF has, each at its number. */
    Optional<SourceResponse> response(int reference) {
        if (reference < 1 || reference > texts.size()) return Optional.empty();
        var text = texts.get(reference - 1);
        var content = new StringBuilder();
        int last = 0;
        for (var line : listing.lines(text.program, text.file).entrySet()) {
            content.append("\n".repeat(Math.max(0, line.getKey() - last - 1)));
            content.append(line.getValue()).append('\n');
            last = line.getKey();
        }
        var response = new SourceResponse();
        response.setContent(content.toString());
        response.setMimeType("text/x-c");
        return Optional.of(response);
    }
}
