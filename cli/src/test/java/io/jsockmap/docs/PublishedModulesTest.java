package io.jsockmap.docs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What the poms say of what is published. The BOM has no parent, so it says some of it again. */
@DisplayName("poms")
class PublishedModulesTest {
    private static final Path ROOT = Path.of(System.getProperty("jsockmap.root", ".."));
    private static final String BOM = "bom";

    private static String pom(String module) throws IOException {
        return Files.readString(ROOT.resolve(module).resolve("pom.xml"));
    }

    private static List<String> all(String element, String xml) {
        return Pattern.compile("<%1$s(?: [^>]*)?>(.*?)</%1$s>".formatted(element), Pattern.DOTALL)
                .matcher(xml)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }

    private static String first(String element, String xml) {
        return all(element, xml).getFirst();
    }

    /** What stands in the pom of a module behind what it says of its parent. */
    private static String own(String module) throws IOException {
        var pom = pom(module);
        int end = pom.indexOf("</parent>");
        return end < 0 ? pom : pom.substring(end);
    }

    /** The modules of the default build that are published, besides the BOM. */
    private static List<String> published() throws IOException {
        List<String> published = new ArrayList<>();
        for (var module : all("module", first("modules", pom("")))) {
            boolean skipped = pom(module).contains("<publishing.skip>true<");
            if (!module.equals(BOM) && !skipped) published.add(module);
        }
        return published;
    }

    @Test
    @DisplayName("the BOM has the modules that are published, and no other")
    void theBomIsComplete() throws IOException {
        List<String> expected = new ArrayList<>();
        for (var module : published()) expected.add(first("artifactId", own(module)));
        var managed = first("dependencyManagement", pom(BOM));
        assertThat(all("artifactId", managed)).containsExactlyElementsOf(expected);
        assertThat(all("version", managed)).containsOnly("${project.version}");
    }

    @ParameterizedTest
    @MethodSource("published")
    @DisplayName("every published module has a name and a description")
    void publishedModulesAreDescribed(String module) throws IOException {
        assertThat(first("name", own(module))).isNotBlank();
        assertThat(first("description", own(module))).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "groupId",
                "version",
                "url",
                "licenses",
                "developers",
                "scm",
                "issueManagement",
                "project.build.outputTimestamp"
            })
    @DisplayName("the BOM says of the project what the root says")
    void theBomAgreesWithTheRoot(String element) throws IOException {
        assertThat(first(element, pom(BOM))).isEqualTo(first(element, pom("")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"examples/template", "examples/services", "examples/spring-boot"})
    @DisplayName("projects to copy ask for the versions of this build")
    void projectsToCopyAskForTheseVersions(String project) throws IOException {
        var properties = first("properties", pom(project));
        assertThat(first("jsockmap.version", properties)).isEqualTo(first("version", pom("")));
        for (var library : List.of("netty.version", "slf4j.version")) {
            assertThat(all(library, properties)).isSubsetOf(first(library, pom("")));
        }
    }

    @Test
    @DisplayName("the Spring Boot application is of the version that the starter is tried with")
    void theApplicationIsOfThatVersion() throws IOException {
        assertThat(first("version", pom("examples/spring-boot")))
                .isEqualTo(first("spring-boot.version", pom("")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"maven-gpg-plugin", "central-publishing-maven-plugin"})
    @DisplayName("the BOM is signed and published by the same plugins")
    void theBomIsPublishedInTheSameWay(String plugin) throws IOException {
        assertThat(version(plugin, BOM)).isEqualTo(version(plugin, ""));
    }

    private static String version(String plugin, String module) throws IOException {
        return all("plugin", pom(module)).stream()
                .filter(text -> text.contains("<artifactId>" + plugin + "</artifactId>"))
                .map(text -> first("version", text))
                .findFirst()
                .orElseThrow();
    }
}
