package io.jsockmap.dashboard.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.dashboard.Stage;
import io.jsockmap.dashboard.maps.MapPage;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.regex.Pattern;

/** The page as the server draws it, which is all that a browser without a script sees. */
class PageTest {
    private static final String HOSTILE = "</td><script>alert(1)</script>";

    private static String page() {
        try (var stage = new Stage()) {
            var client = stage.connect();
            var snapshots = stage.snapshots();
            snapshots.now();
            stage.ask(client, "GET", "/" + HOSTILE);
            stage.ask(client, "GET", "/admin");
            stage.tick();
            return LivePage.page(snapshots.now());
        }
    }

    @Test
    void itHasAllWithoutAScript() {
        assertThat(page())
                .contains("client 0", "upstream2 0", "judge", "http-policy.bpf.c:130", "servers")
                .contains("GET /admin HTTP/1.1..Host: stage")
                .doesNotContain("{{");
    }

    @Test
    void whatPeersSendStaysText() {
        assertThat(page())
                .doesNotContain(HOSTILE)
                .contains("&lt;/td&gt;&lt;script&gt;alert(1)&lt;/script&gt;");
    }

    /** The policy of its content forbids all of these. */
    @Test
    void neitherScriptsNorStylesNorForeignThingsAreInIt() {
        assertThat(page())
                .doesNotContain("style=", "<style", "javascript:", "http:", "https:", "//")
                .doesNotContainPattern("\\son[a-z]+=")
                .doesNotContainPattern("<script(?! src=\"/page.js\" defer></script>)");
    }

    @Test
    void everyPartThatLivesHasItsPlace() {
        try (var stage = new Stage()) {
            stage.tick();
            var page = page();
            for (var id : Parts.of(stage.snapshots().now()).keySet()) {
                assertThat(page).contains("id=\"%s\"".formatted(id));
            }
        }
    }

    @Test
    void anIdIsThereOnce() {
        var ids =
                Pattern.compile(" id=\"([^\"]+)\"")
                        .matcher(page())
                        .results()
                        .map(id -> id.group(1))
                        .toList();
        assertThat(ids).doesNotHaveDuplicates();
    }

    @Test
    void aMapsNameIsEscapedInLinks() {
        assertThat(LivePage.mapLink(".rodata.str 1/2")).isEqualTo("/maps/.rodata.str%201%2F2");
    }

    @Test
    void aPageOfAMapLeadsToItsNeighbours() {
        var entries = List.of(new MapPage.Entry("1", "<b>"));
        var page = LivePage.map("o", "m", "hash", new MapPage(2, 3, entries, ""));

        assertThat(page)
                .contains("page 2 of 3", "href=\"?page=1\"", "href=\"?page=3\"", "&lt;b&gt;");
        assertThat(LivePage.map("o", "m", "hash", new MapPage(1, 1, List.of(), "EPERM: no")))
                .contains("EPERM: no")
                .doesNotContain("?page=");
    }
}
