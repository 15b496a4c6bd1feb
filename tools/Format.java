import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;

/**
 * Formats every Java file of the repository, or says which are not formatted: {@code check} (the
 * default of the build) or {@code write}.
 */
void main(String[] args) throws Exception {
    var write = args.length > 0 && args[0].equals("write");
    var formatter = new Formatter(JavaFormatterOptions.builder().style(Style.AOSP).build());
    List<Path> wrong = new ArrayList<>();
    try (Stream<Path> tree = Files.walk(Path.of("."))) {
        for (var file : tree.filter(this::isOurs).sorted().toList()) {
            var source = Files.readString(file);
            var formatted = formatter.formatSourceAndFixImports(source);
            if (formatted.equals(source)) continue;
            wrong.add(file);
            if (write) Files.writeString(file, formatted);
        }
    }
    if (wrong.isEmpty()) return;
    wrong.forEach(file -> IO.println((write ? "formatted " : "not formatted: ") + file));
    if (!write) {
        IO.println("Mend with: mvn -pl tools validate -Dformat=write");
        System.exit(1);
    }
}

private boolean isOurs(Path file) {
    var path = file.toString();
    return path.endsWith(".java") && !path.contains("/target/") && !path.startsWith("./tools/");
}
