package io.jsockmap.bpf.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.jsockmap.bpf.insn.AtomicOp;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** A pointer reaches its region and nothing else. */
class MemoryTest {
    private final Memory memory = new Memory();
    private final ByteRegion region = ByteRegion.allocate("packet", 16);
    private final ByteRegion other = ByteRegion.allocate("secret", 16);
    private final long start = memory.addressOf(region);

    @Test
    void numbersOfEachSizeAreLittleEndianAndUnsigned() {
        memory.store(start, 8, 0x8877665544332211L);

        assertThat(memory.load(start + 7, 1)).isEqualTo(0x88);
        assertThat(memory.load(start + 6, 2)).isEqualTo(0x8877);
        assertThat(memory.load(start + 4, 4)).isEqualTo(0x88776655L);
        assertThat(memory.load(start, 8)).isEqualTo(0x8877665544332211L);
    }

    /** Otherwise a run in a loop would keep all the records it has submitted. */
    @Test
    void whatIsRevokedIsHeldNoLonger() {
        List<String> ended = new ArrayList<>();
        var revoked = held("revoked", ended);
        memory.addressOf(held("kept", ended));
        memory.addressOf(revoked);

        memory.revoke(revoked);
        memory.runEnded();

        assertThat(ended).containsExactly("kept");
    }

    @Test
    void aPacketIsInAnArrayOfBytes() {
        assertThatThrownBy(() -> memory.enterPacket(region))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("packet");
    }

    private static HeldRegion held(String name, List<String> ended) {
        return new HeldRegion(ByteRegion.allocate(name, 8)) {
            @Override
            public void runEnded() {
                ended.add(name);
            }
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8})
    void theLastBytesAreReachedAndTheNextAreNot(int size) {
        memory.store(start + 16 - size, size, -1);

        assertThat(region.segment().get(JAVA_BYTE, 15)).isEqualTo((byte) -1);
        assertThatThrownBy(() -> memory.store(start + 17 - size, size, -1))
                .isInstanceOf(MemoryFault.class)
                .hasMessage(
                        "%d bytes at offset %d of packet: outside of its 16 bytes",
                        size, 17 - size);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, -8, Integer.MIN_VALUE, 16, 17, Integer.MAX_VALUE})
    void anOffsetOutsideIsRefusedByTheRegionsName(long offset) {
        assertThatThrownBy(() -> memory.load(start + offset, 1))
                .isInstanceOfSatisfying(
                        MemoryFault.class,
                        fault -> {
                            assertThat(fault.region()).isEqualTo("packet");
                            assertThat(fault.offset()).isEqualTo(offset);
                        });
    }

    @ParameterizedTest
    @ValueSource(longs = {1L << 31, 1L << 33, 1L << 40, -(1L << 31) - 1, -(1L << 40), 1L << 63})
    void aStepOfGigabytesReachesNothing(long step) {
        memory.addressOf(other);

        assertThatThrownBy(() -> memory.load(start + step, 1)).isInstanceOf(MemoryFault.class);
        assertThatThrownBy(() -> memory.store(start + step, 1, 1)).isInstanceOf(MemoryFault.class);
    }

    @Test
    void nullIsNoPointer() {
        assertThatThrownBy(() -> memory.load(0, 4))
                .isInstanceOf(MemoryFault.class)
                .hasMessage("4 bytes at offset 0 of a null pointer: points nowhere");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, -1, 0x7fff_ffff, 1L << 48, Long.MAX_VALUE, Long.MIN_VALUE})
    void aNumberIsNoPointer(long number) {
        assertThatThrownBy(() -> memory.load(number, 1))
                .isInstanceOf(MemoryFault.class)
                .hasMessageContaining("is not a pointer");
    }

    @Test
    void aRegionHasOneAddress() {
        assertThat(memory.addressOf(region)).isEqualTo(start);
        assertThat(memory.addressOf(other)).isNotEqualTo(start);
    }

    @Test
    void aRevokedRegionIsGoneUntilItIsGivenAgain() {
        memory.revoke(region);

        assertThatThrownBy(() -> memory.load(start, 1))
                .isInstanceOf(MemoryFault.class)
                .hasMessageContaining("packet, by a pointer from before it changed");
        assertThatThrownBy(() -> memory.readable(start, 1)).isInstanceOf(MemoryFault.class);
        assertThat(memory.load(memory.addressOf(region), 1)).isZero();
        assertThatThrownBy(() -> memory.store(start, 1, 1)).isInstanceOf(MemoryFault.class);
    }

    @Test
    void revokingWhatWasNeverGivenChangesNothing() {
        memory.revoke(other);

        assertThat(memory.load(start, 1)).isZero();
    }

    @Test
    void readOnlyBytesAreReadAndNotWritten() {
        long address = memory.addressOf(region.readOnly());

        assertThat(memory.load(address, 8)).isZero();
        assertThat(memory.readable(address, 16).byteSize()).isEqualTo(16);
        assertThat(memory.atomic(address, 8, AtomicOp.LOAD_ACQUIRE, 0, 0)).isZero();
        assertThatThrownBy(() -> memory.store(address + 2, 2, 1))
                .isInstanceOf(MemoryFault.class)
                .hasMessage("2 bytes at offset 2 of packet: is read-only");
        assertThatThrownBy(() -> memory.writable(address, 16))
                .isInstanceOf(MemoryFault.class)
                .hasMessageContaining("is read-only");
        assertThatThrownBy(() -> memory.atomic(address, 8, AtomicOp.ADD, 1, 0))
                .isInstanceOf(MemoryFault.class)
                .hasMessageContaining("is read-only");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, 17, Integer.MAX_VALUE, 1L << 32, Long.MAX_VALUE})
    void aHelpersSizeIsChecked(long size) {
        assertThatThrownBy(() -> memory.readable(start, size)).isInstanceOf(MemoryFault.class);
        assertThatThrownBy(() -> memory.writable(start, size)).isInstanceOf(MemoryFault.class);
    }

    @Test
    void noBytesAreReadableAnywhere() {
        assertThat(memory.readable(0, 0).byteSize()).isZero();
    }

    @Test
    void atomicsWorkAtPlacesThatAreNotAligned() {
        long bytes = memory.addressOf(ByteRegion.of("bytes", MemorySegment.ofArray(new byte[8])));
        for (long place : List.of(start, start + 3, bytes)) {
            assertThat(memory.atomic(place, 8, AtomicOp.ADD, 5L << 32, 0)).isZero();
            assertThat(memory.atomic(place, 8, AtomicOp.FETCH_ADD, -1, 0)).isEqualTo(5L << 32);
            assertThat(memory.atomic(place, 4, AtomicOp.CMPXCHG, 7, 0)).isEqualTo(0xffff_ffffL);
            assertThat(memory.atomic(place, 4, AtomicOp.CMPXCHG, 7, -1)).isEqualTo(0xffff_ffffL);
            assertThat(memory.atomic(place, 8, AtomicOp.LOAD_ACQUIRE, 0, 0))
                    .isEqualTo((4L << 32) + 7);
            assertThat(memory.atomic(place, 8, AtomicOp.XCHG, 0, 0)).isEqualTo((4L << 32) + 7);
        }
    }

    @Test
    void atomicsThatAreNotAlignedExcludeEachOther() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(Thread.ofPlatform().start(() -> addThousand(new Memory())));
        }
        for (var thread : threads) thread.join();

        assertThat(memory.load(start + 3, 8)).isEqualTo(4000);
    }

    private void addThousand(Memory other) {
        long place = other.addressOf(region) + 3;
        for (int i = 0; i < 1000; i++) other.atomic(place, 8, AtomicOp.ADD, 1, 0);
    }

    @Test
    void aSliceEndsWhereItEnds() {
        long address = memory.addressOf(region.slice("value", 4, 4));

        memory.store(address, 4, -1);

        assertThat(region.segment().toArray(JAVA_BYTE))
                .containsExactly(0, 0, 0, 0, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0);
        assertThatThrownBy(() -> memory.load(address + 4, 1))
                .isInstanceOf(MemoryFault.class)
                .hasMessageContaining("of value");
        assertThatThrownBy(() -> memory.load(address - 1, 1)).isInstanceOf(MemoryFault.class);
    }

    @Test
    void anObjectIsHeldAndNotLookedInto() {
        var object = new ObjectRegion("map ports", "ports");
        long address = memory.addressOf(object);

        assertThat(memory.regionAt(address, ObjectRegion.class, "a map")).isSameAs(object);
        assertThatThrownBy(() -> memory.load(address, 1))
                .isInstanceOf(MemoryFault.class)
                .hasMessageContaining("map ports");
        assertThatThrownBy(() -> memory.regionAt(address + 1, ObjectRegion.class, "a map"))
                .isInstanceOf(MemoryFault.class)
                .hasMessageContaining("a pointer that was moved is not a map");
        assertThatThrownBy(() -> memory.regionAt(start, ObjectRegion.class, "a map"))
                .isInstanceOf(MemoryFault.class)
                .hasMessageContaining("packet: is not a map");
    }

    @Test
    void aRunHoldsNoMoreThanAMillionRegions() {
        assertThatThrownBy(
                        () -> {
                            for (int i = 0; i <= 1 << 20; i++) {
                                memory.addressOf(new ObjectRegion("value", i));
                            }
                        })
                .isInstanceOf(MemoryFault.class)
                .hasMessageContaining("more than 1048576");
    }

    @Test
    void regionsThatAreGoneDoNotCount() {
        for (int i = 0; i <= 1 << 20; i++) {
            var stack = new ObjectRegion("stack", i);
            memory.addressOf(stack);
            memory.revoke(stack);
        }

        assertThat(memory.load(start, 1)).isZero();
    }
}
