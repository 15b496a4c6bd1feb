package io.jsockmap.bench.path;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

class MessagesTest {
    private static String text(ByteBuffer bytes) {
        return StandardCharsets.US_ASCII.decode(bytes.duplicate()).toString();
    }

    @Test
    void aSmallRequestHas64BytesAndItsNumberBeforeTheBlankLine() {
        var request = Messages.request();
        Messages.number(request, 0x0123_00ef);

        assertThat(request.remaining()).isEqualTo(64);
        assertThat(text(request)).startsWith("GET /p HTTP/1.1\r\n").endsWith("-ABCDAAOP\r\n\r\n");
    }

    @Test
    void itsAnswerHas64BytesAndTheSameNumber() {
        var request = Messages.request();
        var answer = Messages.answer();
        Messages.number(request, 42);
        Messages.answer(request, answer);

        assertThat(answer.remaining()).isEqualTo(64);
        assertThat(text(answer)).contains("Content-Length: 0\r\n").endsWith("-AAAAAACK\r\n\r\n");
        assertThat(Messages.number(answer)).isEqualTo(Messages.number(request));
    }

    @Test
    void theStreamIsWholeRequestsWithBodiesOfTheLengthThatTheySay() {
        var rest = text(Messages.stream());
        int requests = 0;
        while (!rest.isEmpty()) {
            int body = rest.indexOf("\r\n\r\n") + 4;
            assertThat(rest.substring(0, body))
                    .startsWith("POST /b HTTP/1.1\r\n")
                    .contains("\r\nContent-Length: " + Messages.BODY + "\r\n");
            rest = rest.substring(body + Messages.BODY);
            requests++;
        }
        assertThat(requests).isGreaterThan(1);
    }

    @Test
    void theFirstByteTellsThemApart() {
        assertThat(Messages.isSmall(Messages.request())).isTrue();
        assertThat(Messages.isSmall(Messages.stream())).isFalse();
    }
}
