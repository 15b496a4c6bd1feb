package io.jsockmap.bpf.map;

import static io.jsockmap.bpf.map.Bytes.number;
import static io.jsockmap.bpf.map.Bytes.u32;
import static io.jsockmap.bpf.map.Bytes.u64;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.Refusal;
import io.jsockmap.bpf.memory.Memory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** BPF_MAP_TYPE_LPM_TRIE. */
class LpmTrieMapTest {
    private final LpmTrieMap map = trie(8, 8, 100, HashRules.NO_PREALLOC);

    @ParameterizedTest
    @CsvSource({
        "8, 8, 1, 0, EINVAL",
        "8, 8, 0, 1, EINVAL",
        "4, 8, 1, 1, EINVAL",
        "261, 8, 1, 1, EINVAL",
        "8, 0, 1, 1, EINVAL",
        "8, 4194304, 1, 1, EINVAL",
        "8, 8, 1, 65, EINVAL",
        "8, 8, 1, 25, EINVAL",
    })
    void aTrieThatCanNotBeIsRefused(int key, int value, long count, int flags, Errno errno) {
        Refusal.of(errno, () -> trie(key, value, count, flags));
    }

    @Test
    void theSmallestAndTheLargestKeysArePossible() {
        assertThat(trie(5, 1, 1, 1).keys()).isEmpty();
        assertThat(trie(260, 1, 1, 1).keys()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3, 32, 24",
        "10.1.2.4, 32, 24",
        "10.1.9.9, 32, 16",
        "10.9.9.9, 32, 8",
        "11.0.0.0, 32, 0",
        "10.1.2.0, 24, 24",
        "10.1.2.0, 23, 16",
        "10.1.0.0, 16, 16",
        "10.0.0.0, 8, 8",
        "0.0.0.0, 0, 0",
        "192.168.1.1, 32, 32",
        "192.168.1.0, 32, 0",
    })
    void theLongestPrefixWins(String address, int length, long expected) {
        put("0.0.0.0", 0);
        put("10.0.0.0", 8);
        put("10.1.0.0", 16);
        put("10.1.2.0", 24);
        put("192.168.1.1", 32);

        assertThat(number(map.lookup(key(address, length)).orElseThrow())).isEqualTo(expected);
        assertThat(map.lookupFromProgram(key(address, length)).load(new Memory(), 0, 8))
                .isEqualTo(expected);
    }

    @Test
    void whatNoPrefixMatchesIsNotFound() {
        put("10.0.0.0", 8);

        assertThat(map.lookup(key("11.0.0.0", 32))).isEmpty();
        assertThat(map.lookup(key("10.0.0.0", 7))).isEmpty();
        assertThat(map.lookupFromProgram(key("11.0.0.0", 32))).isNull();
    }

    @Test
    void bitsBehindThePrefixDoNotCount() {
        put("10.1.2.3", 8);

        assertThat(map.lookup(key("10.200.0.0", 32))).isPresent();
        Refusal.of(Errno.EEXIST, () -> update("10.9.9.9", 8, UpdateFlag.NOEXIST));
        map.delete(key("10.77.0.0", 8));
        assertThat(map.keys()).isEmpty();
    }

    @Test
    void aPrefixThatIsLongerThanTheKeyIsNone() {
        var tooLong = key("10.0.0.0", 33);
        var negative = key("10.0.0.0", -1);

        assertThat(map.lookup(tooLong)).isEmpty();
        assertThat(map.lookupFromProgram(negative)).isNull();
        Refusal.of(Errno.EINVAL, () -> map.update(tooLong, u64(0), UpdateFlag.ANY));
        Refusal.of(Errno.EINVAL, () -> map.delete(tooLong));
        assertThat(map.updateFromProgram(negative, u64(0), 0)).isEqualTo(-22);
        assertThat(map.deleteFromProgram(negative)).isEqualTo(-22);
    }

    @Test
    void flagsLookAtExactlyThisPrefix() {
        put("10.0.0.0", 8);

        Refusal.of(Errno.ENOENT, () -> update("10.0.0.0", 16, UpdateFlag.EXIST));
        update("10.0.0.0", 16, UpdateFlag.NOEXIST);
        Refusal.of(Errno.EEXIST, () -> update("10.0.0.0", 16, UpdateFlag.NOEXIST));
        update("10.0.0.0", 16, UpdateFlag.EXIST);
        Refusal.of(Errno.ENOENT, () -> map.delete(key("10.0.0.0", 12)));

        assertThat(map.keys()).hasSize(2);
    }

    /** A place where the tree only branches is no entry. */
    @Test
    void aForkIsNoPrefix() {
        put("10.1.0.0", 16);
        put("10.2.0.0", 16);

        Refusal.of(Errno.ENOENT, () -> map.delete(key("10.0.0.0", 14)));
        Refusal.of(Errno.ENOENT, () -> update("10.0.0.0", 14, UpdateFlag.EXIST));
        assertThat(map.lookup(key("10.3.0.0", 32))).isEmpty();
        update("10.0.0.0", 14, UpdateFlag.NOEXIST);
        assertThat(map.lookup(key("10.3.0.0", 32))).isPresent();
    }

    @Test
    void aFullTrieRefusesANewPrefixAndReplacesAnOldOne() {
        var two = trie(8, 8, 2, 1);
        two.update(key("10.0.0.0", 8), u64(1), UpdateFlag.ANY);
        two.update(key("11.0.0.0", 8), u64(1), UpdateFlag.ANY);

        Refusal.of(Errno.ENOSPC, () -> two.update(key("12.0.0.0", 8), u64(1), UpdateFlag.ANY));
        assertThat(two.updateFromProgram(key("12.0.0.0", 8), u64(1), 0)).isEqualTo(-28);
        two.update(key("10.0.0.0", 8), u64(2), UpdateFlag.EXIST);

        two.delete(key("11.0.0.0", 8));
        two.update(key("12.0.0.0", 8), u64(1), UpdateFlag.ANY);
        assertThat(two.keys()).hasSize(2);
    }

    @Test
    void longerPrefixesComeBeforeThoseTheyBeginWith() {
        put("192.168.0.0", 16);
        put("192.168.0.0", 24);
        put("192.168.128.0", 24);
        put("192.168.1.0", 24);

        assertThat(map.keys())
                .extracting(LpmTrieMapTest::text)
                .containsExactly(
                        "192.168.0.0/24", "192.168.1.0/24", "192.168.128.0/24", "192.168.0.0/16");
        assertThat(map.nextKey(key("192.168.1.0", 24))).hasValue(key("192.168.128.0", 24));
        assertThat(map.nextKey(key("192.168.0.0", 16))).isEmpty();
        assertThat(map.nextKey(key("1.1.1.1", 32))).hasValue(key("192.168.0.0", 24));
        assertThat(map.nextKey(key("1.1.1.1", 99))).hasValue(key("192.168.0.0", 24));
    }

    @Test
    void aPointerToAValueStaysGoodWhenItIsReplaced() {
        put("10.0.0.0", 8);
        var memory = new Memory();
        long value = memory.addressOf(map.lookupFromProgram(key("10.0.0.1", 32)));

        map.update(key("10.0.0.0", 8), u64(99), UpdateFlag.ANY);

        assertThat(memory.load(value, 8)).isEqualTo(8);
        assertThat(map.lookup(key("10.0.0.1", 32))).hasValue(u64(99));
    }

    @Test
    void prefixesOf2048BitsNestAsDeepAsTheyCan() {
        var deep = trie(260, 4, 3000, 1);
        for (int length = 0; length <= 2048; length++) {
            deep.update(wide(length), u32(length), UpdateFlag.NOEXIST);
        }

        assertThat(deep.keys()).hasSize(2049);
        for (int length = 0; length <= 2048; length += 8) {
            assertThat(deep.lookup(wide(length))).hasValue(u32(length));
        }
        for (int length = 0; length <= 2048; length += 2) deep.delete(wide(length));
        assertThat(deep.lookup(wide(2048))).hasValue(u32(2047));
        assertThat(deep.keys()).hasSize(1024);
    }

    /** Against a list of all prefixes that is looked through. */
    @Test
    void itAgreesWithAListOfPrefixes() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        var trie = trie(6, 8, 10_000, 1);
        var expected = new TreeMap<String, Long>();
        for (int step = 0; step < 20_000; step++) {
            int length = random.nextInt(17);
            var data = new byte[] {(byte) (random.nextInt(4) * 0x41), (byte) random.nextInt(256)};
            var key =
                    ByteBuffer.allocate(6).order(ByteOrder.LITTLE_ENDIAN).putInt(length).put(data);
            var bits = bits(data, length);
            switch (random.nextInt(3)) {
                case 0 -> {
                    trie.update(key.array(), u64(step), UpdateFlag.ANY);
                    expected.put(bits, (long) step);
                }
                case 1 ->
                        assertThat(trie.deleteFromProgram(key.array()))
                                .as("seed %d step %d", seed, step)
                                .isEqualTo(expected.remove(bits) == null ? -2 : 0);
                default ->
                        assertThat(trie.lookup(key.array()).map(Bytes::number).orElse(null))
                                .as("seed %d step %d", seed, step)
                                .isEqualTo(longest(expected, bits));
            }
        }
        List<String> keys = new ArrayList<>();
        for (var key : trie.keys()) {
            keys.add(bits(Arrays.copyOfRange(key, 4, 6), (int) IndexKey.indexOf(key)));
        }
        assertThat(keys).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(expected.keySet());
    }

    private static Long longest(Map<String, Long> all, String bits) {
        for (int length = bits.length(); length >= 0; length--) {
            var found = all.get(bits.substring(0, length));
            if (found != null) return found;
        }
        return null;
    }

    private static String bits(byte[] data, int length) {
        var all = new StringBuilder();
        for (byte b : data) all.append(Integer.toBinaryString(0x100 | b & 0xff), 1, 9);
        return all.substring(0, length);
    }

    /** Readers always find the value of a prefix that stays, whatever comes and goes beside it. */
    @Test
    void whatStaysIsFoundWhileOthersComeAndGo() throws Exception {
        put("10.0.0.0", 8);

        Threads.run(
                4,
                thread -> {
                    for (int i = 0; i < 3_000; i++) {
                        if (thread < 2) {
                            var key = key("10.%d.%d.0".formatted(thread, i % 40), 24);
                            map.update(key, u64(24), UpdateFlag.ANY);
                            if (i % 2 == 0) map.delete(key);
                        } else {
                            var found = map.lookup(key("10.%d.%d.1".formatted(thread, i % 40), 32));
                            assertThat(found).hasValue(u64(8));
                        }
                    }
                });

        for (var key : map.keys()) map.delete(key);
        assertThat(map.firstKey()).isEmpty();
    }

    @Test
    void prefixesAreReadAndChangedInBatches() {
        put("10.0.0.0", 8);
        put("11.0.0.0", 8);

        assertThat(map.batch().lookup(10).elements()).hasSize(2);
        map.batch().delete(map.keys());

        assertThat(map.keys()).isEmpty();
        Refusal.of(Errno.ENOTSUPP, () -> map.lookupAndDelete(key("10.0.0.0", 8)));
    }

    private void put(String address, int length) {
        update(address, length, UpdateFlag.ANY);
    }

    private void update(String address, int length, UpdateFlag flag) {
        map.update(key(address, length), u64(length), flag);
    }

    private static byte[] key(String address, int length) {
        var key = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putInt(length);
        for (var part : address.split("\\.", 4)) key.put((byte) Integer.parseInt(part));
        return key.array();
    }

    private static String text(byte[] key) {
        return "%d.%d.%d.%d/%d"
                .formatted(
                        key[4] & 0xff, key[5] & 0xff, key[6] & 0xff, key[7] & 0xff, key[0] & 0xff);
    }

    private static byte[] wide(int length) {
        var key = ByteBuffer.allocate(260).order(ByteOrder.LITTLE_ENDIAN).putInt(length);
        key.put(HexFormat.of().parseHex("a5".repeat(256)));
        return key.array();
    }

    private static LpmTrieMap trie(int key, int value, long count, int flags) {
        return new LpmTrieMap(
                MapDefinition.of("routes", MapType.LPM_TRIE, key, value, count).withFlags(flags));
    }
}
