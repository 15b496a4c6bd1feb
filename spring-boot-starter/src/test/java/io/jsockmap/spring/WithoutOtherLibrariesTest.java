package io.jsockmap.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;

/** An application whose class path has what the starter brings, and nothing that it works with. */
class WithoutOtherLibrariesTest {
    private static final Pattern OTHERS =
            Pattern.compile(
                    "(netty|reactor|micrometer|tomcat|jackson|spring-web"
                        + "|spring-boot-(actuator|health|http|jackson|micrometer|netty|reactor|tomcat|web))-.*"
                        + "|(spring-webflux|spring-boot-(webflux|web-server|reactor-netty))-.*");

    @TempDir private Path folder;

    private static URL[] classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(entry -> !OTHERS.matcher(entry.getFileName().toString()).matches())
                .map(WithoutOtherLibrariesTest::url)
                .toArray(URL[]::new);
    }

    private static URL url(Path entry) {
        try {
            return entry.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @DisplayName("puts its policy into force")
    void starts() throws Exception {
        var policy = Policies.write(folder, Policies.JUDGING).toString();
        var before = Thread.currentThread().getContextClassLoader();
        try (var loader = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
            assertThatThrownBy(() -> loader.loadClass("io.netty.channel.Channel"))
                    .isInstanceOf(ClassNotFoundException.class);
            Thread.currentThread().setContextClassLoader(loader);
            var application = loader.loadClass(BareApplication.class.getName());

            var beans =
                    (String[]) application.getMethod("beans", String.class).invoke(null, policy);

            assertThat(beans)
                    .filteredOn(name -> name.startsWith("sockmap"))
                    .containsExactlyInAnyOrder("sockmapPolicyFile", "sockmapPolicy");
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }
}
