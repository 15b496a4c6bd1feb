package io.jsockmap.testkit.scenario;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Writes results in the XML that CI servers read: a suite for each file, a case for a scenario.
 *
 * {@snippet class="io.jsockmap.testkit.examples.ScenarioExamples" region="play"}
 */
public final class JUnitXml {
    private JUnitXml() {}

    /**
     * Writes a file; its folder is made if need be.
     *
     * @throws IOException if it can't be written
     */
    public static void write(Path file, List<ScenarioResult> results) throws IOException {
        var folder = file.toAbsolutePath().getParent();
        if (folder != null) Files.createDirectories(folder);
        try (var out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            var xml = XMLOutputFactory.newInstance().createXMLStreamWriter(out);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeStartElement("testsuites");
            for (var suite : byFile(results).entrySet())
                suite(xml, suite.getKey(), suite.getValue());
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IOException(file + " can't be written: " + e.getMessage(), e);
        }
    }

    private static Map<Path, List<ScenarioResult>> byFile(List<ScenarioResult> results) {
        Map<Path, List<ScenarioResult>> byFile = new LinkedHashMap<>();
        for (var result : results) {
            byFile.computeIfAbsent(result.scenario().file(), _ -> new ArrayList<>()).add(result);
        }
        return byFile;
    }

    private static void suite(XMLStreamWriter xml, Path file, List<ScenarioResult> results)
            throws XMLStreamException {
        xml.writeStartElement("testsuite");
        xml.writeAttribute("name", file.getFileName().toString());
        xml.writeAttribute("tests", "" + results.size());
        xml.writeAttribute("failures", "" + results.stream().filter(r -> !r.passed()).count());
        xml.writeAttribute("errors", "0");
        xml.writeAttribute("skipped", "0");
        xml.writeAttribute(
                "time",
                seconds(
                        results.stream()
                                .map(ScenarioResult::time)
                                .reduce(Duration.ZERO, Duration::plus)));
        for (var result : results) testCase(xml, result);
        xml.writeEndElement();
    }

    private static void testCase(XMLStreamWriter xml, ScenarioResult result)
            throws XMLStreamException {
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", result.scenario().file().getFileName().toString());
        xml.writeAttribute("name", printable(result.scenario().name()));
        xml.writeAttribute("time", seconds(result.time()));
        if (result.failure().isPresent()) {
            xml.writeStartElement("failure");
            xml.writeAttribute(
                    "message",
                    printable(result.failure().get().problem().lines().findFirst().orElse("")));
            xml.writeCharacters(printable(ScenarioReport.text(result)));
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }

    /** XML 1.0 has no place for most control characters, escaped or not. */
    private static String printable(String text) {
        return text.replaceAll("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ufffe\\uffff]", "?");
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.3f", time.toNanos() / 1e9);
    }
}
