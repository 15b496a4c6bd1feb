package io.jsockmap.bpf.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.core.TypesFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.Random;

/** An object whose CO-RE relocations are damaged is refused. */
class DamagedRelocationsTest {
    private static final int SEEDS = 150 * Integer.getInteger("random.factor", 1);

    // Fields of a record: the instruction's offset, the type, the access and the kind.
    private static final int OFFSET = 0;
    private static final int TYPE = 4;
    private static final int ACCESS = 8;
    private static final int KIND = 12;

    /** Where the relocations begin: the size of a record, a section's name and count, records. */
    private static int relocations(ObjectBytes object) {
        int ext = object.start(".BTF.ext");
        return ext + object.get32(ext + 4) + object.get32(ext + 24);
    }

    /** Where the text "0:0" of the first access lies. */
    private static int firstAccess(ObjectBytes object) {
        int btf = object.start(".BTF");
        int strings = btf + object.get32(btf + 4) + object.get32(btf + 16);
        return strings + object.get32(relocations(object) + 12 + ACCESS);
    }

    private static ObjectBytes put(ObjectBytes object, int field, int value) {
        return object.put32(relocations(object) + 12 + field, value);
    }

    private static Damage damage(String what, int field, int value, String problem) {
        return new Damage(what, "core", o -> put(o, field, value), "sk_msg", problem);
    }

    static List<Damage> relocations() {
        return List.of(
                damage("unknown kind", KIND, 13, "kind 13, type 2, access \"0:0\": that kind is"),
                damage("negative kind", KIND, -1, "that kind is not known (0 to 12 are)"),
                damage("between instructions", OFFSET, 4, "it is not at an instruction of its own"),
                damage("no access", ACCESS, 0, "access \"\": expected numbers with colons"),
                damage("value of a structure", KIND, 11, "struct sk_msg_md is no enumeration"),
                damage("part of a type as a whole", KIND, 9, "a type as a whole is accessed by"),
                damage("part of a number", TYPE, 3, "__u32 has no parts"),
                new Damage(
                        "type that is not there",
                        "core",
                        o -> put(o, TYPE, 9999),
                        ".BTF",
                        "type 9999 of"),
                new Damage(
                        "access outside of the strings",
                        "core",
                        o -> put(o, ACCESS, 1 << 20),
                        ".BTF",
                        "a name outside"),
                new Damage(
                        "access that is a word",
                        "core",
                        o -> put(o, ACCESS, o.get32(o.type("sk_msg_md"))),
                        "sk_msg",
                        "access \"sk_msg_md\": expected numbers with colons between, 0:1:2"),
                new Damage(
                        "member that is not there",
                        "core",
                        o -> o.put8(firstAccess(o) + 2, '9'),
                        "sk_msg",
                        "access \"0:9\": member 9 of struct sk_msg_md, which has 5"),
                new Damage(
                        "records that are too short",
                        "core",
                        o -> o.put32(relocations(o), 12),
                        ".BTF.ext",
                        "records of 12 bytes, at least 16 expected"),
                new Damage(
                        "records that are cut off",
                        "core",
                        o -> o.put32(relocations(o) + 8, 1000),
                        ".BTF.ext",
                        "records are cut off"),
                new Damage(
                        "records beyond the section",
                        "core",
                        o -> o.put32(o.start(".BTF.ext") + 28, 1 << 20),
                        ".BTF.ext",
                        "truncated"));
    }

    @ParameterizedTest
    @MethodSource("relocations")
    void aDamagedRelocationIsRefused(Damage damage) {
        damage.assertRefused();
    }

    @Test
    void whateverBytesOfRelocationsAndTypesAreWrongTheRefusalIsOneLine() {
        for (long seed = 0; seed < SEEDS; seed++) {
            var random = new Random(seed);
            var own = ObjectBytes.of("core-fields");
            var target = ObjectBytes.of("core-target");
            switch (random.nextInt(3)) {
                case 0 -> change(own, relocations(own), own.size(".BTF.ext") / 4, random);
                case 1 -> change(own, own.start(".BTF"), own.size(".BTF"), random);
                default -> change(target, target.start(".BTF"), target.size(".BTF"), random);
            }
            assertHarmless(own.array(), target.array(), seed);
        }
    }

    private static void change(ObjectBytes object, int start, int length, Random random) {
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            int at = start + random.nextInt(length - Integer.BYTES);
            if (random.nextBoolean()) {
                object.put8(at, random.nextInt());
            } else {
                object.put32(at & -4, random.nextInt(64));
            }
        }
    }

    private static void assertHarmless(byte[] own, byte[] target, long seed) {
        try {
            var types = TypesFile.read("target.o", target);
            var options = LoadOptions.DEFAULT.withTargetTypes(types);
            Loaded.loader().load(ObjectReader.read("damaged.o", own), options);
        } catch (BpfException refused) {
            assertThat(refused.getMessage()).as("seed %d", seed).doesNotContain("\n");
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            fail("seed %d: %s".formatted(seed, e), e);
        }
    }
}
