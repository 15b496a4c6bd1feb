import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;

/**
 * Formats every Java file of the repository ({@code write}), or says which are not formatted: of
 * all ({@code all}), or of those that the last commits changed ({@code check}, the default of the
 * build), since the others were looked at then.
 */
void main(String[] args) throws Exception {
    var mode = args.length > 0 ? args[0] : "check";
    var write = mode.equals("write");
    var formatter = new Formatter(JavaFormatterOptions.builder().style(Style.AOSP).build());
    List<Path> wrong = new ArrayList<>();
    for (var file : mode.equals("check") ? changed() : all()) {
        var source = Files.readString(file);
        var formatted = formatter.formatSourceAndFixImports(source);
        if (formatted.equals(source)) continue;
        wrong.add(file);
        if (write) Files.writeString(file, formatted);
    }
    if (wrong.isEmpty()) return;
    wrong.forEach(file -> IO.println((write ? "formatted " : "not formatted: ") + file));
    if (!write) {
        IO.println("Mend with: mvn -pl tools validate -Dformat=write");
        System.exit(1);
    }
}

private List<Path> all() throws IOException {
    try (Stream<Path> tree = Files.walk(Path.of(""))) {
        return tree.filter(this::isOurs).sorted().toList();
    }
}

/** Without the repository's history, all. */
private List<Path> changed() throws Exception {
    Set<Path> changed = new TreeSet<>();
    for (var command : List.of("log -30 --name-only --format=", "ls-files -mo --exclude-standard")) {
        List<String> line = new ArrayList<>(List.of("git"));
        line.addAll(List.of(command.split(" ")));
        try {
            var git = new ProcessBuilder(line).redirectErrorStream(true).start();
            var paths = git.inputReader().readAllLines();
            if (git.waitFor() != 0) return all();
            paths.stream().map(Path::of).forEach(changed::add);
        } catch (IOException _) {
            return all();
        }
    }
    return changed.stream().filter(this::isOurs).filter(Files::exists).toList();
}

private boolean isOurs(Path file) {
    var path = file.toString();
    return path.endsWith(".java") && !path.contains("target/") && !path.startsWith("tools/");
}
