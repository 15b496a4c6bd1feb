package io.jsockmap.sockmap.message;

import static io.jsockmap.sockmap.message.Part.drop;
import static io.jsockmap.sockmap.message.Part.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.socket.Chunk;
import io.jsockmap.sockmap.socket.Delivery;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Messages of pieces that stay where they are until a program asks for them. */
@ParameterizedClass
@EnumSource(Delivery.class)
class UnseenPiecesTest extends ScriptTest {
    /** What became of pieces: fetched, or thrown away unseen. */
    private final List<String> asked = new ArrayList<>();

    private final List<String> results = new ArrayList<>();
    private final boolean asInLinux;

    UnseenPiecesTest(Delivery delivery) {
        super(delivery);
        asInLinux = delivery == Delivery.KERNEL;
    }

    private record Piece(String text, List<String> asked) implements Chunk.Source {
        @Override
        public byte[] fetch() {
            asked.add(text);
            return Bytes.of(text);
        }

        @Override
        public void drop() {
            asked.add("drop " + text);
        }
    }

    private void sends(String... texts) {
        var pieces = Stream.of(texts).map(t -> Chunk.of(new Piece(t, asked), t.length())).toList();
        source.socket()
                .send(pieces, true, (accepted, errno) -> results.add(accepted + " " + errno));
    }

    private String received() {
        return source.peer().received();
    }

    @Test
    void eachIsAnElementOfWhichTheProgramSeesTheFirst() {
        script.plays(run());
        sends("abc", "defg");

        assertThat(script.sizes()).containsExactly(7);
        if (asInLinux) {
            assertThat(script.visible()).containsExactly(3);
            assertThat(asked).as("nobody looked at the second").containsExactly("abc");
        }
        assertThat(received()).isEqualTo("abcdefg");
        assertThat(results).containsExactly("7 0");
        assertThat(source.account().balances()).isTrue();
    }

    @Test
    void aPullOverTwoPiecesShowsBoth() {
        script.plays(run().pull(1, 5).load(3));
        sends("abc", "defg", "hi");

        assertThat(script.runs().getFirst().results()).containsExactly(0L, (long) 'e');
        assertThat(received()).isEqualTo("abcdefghi");
    }

    @Test
    void bytesAreEditedInsideAndBetweenPieces() {
        script.plays(run().pop(2, 2).push(3, 1));
        sends("abc", "defg");

        assertThat(received()).isEqualTo("abe\0fg");
        assertThat(results).containsExactly("7 0");
        assertThat(source.account().balances()).isTrue();
    }

    @Test
    void aMessageThatIsHeldGoesOnBehindAPiece() {
        script.plays(run().cork(8));
        sends("abcd");
        source.sends("ef").succeeds();
        sends("gh");

        assertThat(script.sizes()).containsExactly(4, 8);
        assertThat(received()).isEqualTo("abcdefgh");
        assertThat(results).containsExactly("4 0", "2 0");
    }

    @Test
    void aMessageThatIsHeldEndsWithItsPiecesWhereTheStreamEnds() {
        script.plays(run().cork(100));
        sends("abcd", "ef");
        assertThat(received()).isEmpty();
        source.shutsOutput();

        assertThat(received()).isEqualTo("abcdef");
    }

    @Test
    void aVerdictForSomeBytesEndsWithinAPiece() {
        script.plays(run().apply(2), run().apply(3).redirectIn(0), run());
        sends("abc", "defg");

        assertThat(script.sizes()).containsExactly(7, 5, 2);
        assertThat(received()).isEqualTo("abfg");
        assertThat(target.reads()).isEqualTo("cde");
        assertThat(results).containsExactly("7 0");
    }

    @Test
    void whatIsRedirectedIsReadThere() {
        script.plays(run().redirectIn(0));
        sends("abc", "defg");

        assertThat(target.reads()).isEqualTo("abcdefg");
        assertThat(received()).isEmpty();
        assertThat(target.account().balances()).isTrue();
    }

    @Test
    void whatIsDroppedIsThrownAway() {
        script.plays(drop());
        sends("abc", "defg");

        assertThat(received()).isEmpty();
        assertThat(results).containsExactly("0 13");
        if (asInLinux) assertThat(asked).containsExactly("abc", "drop defg");
        assertThat(source.account().balances()).isTrue();
    }
}
