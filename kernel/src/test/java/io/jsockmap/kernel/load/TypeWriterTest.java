package io.jsockmap.kernel.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.btf.BtfType;
import io.jsockmap.kernel.load.TypeWriter.Named;

import org.junit.jupiter.api.Test;

import java.util.List;

class TypeWriterTest {

    @Test
    void whatIsWrittenCanBeRead() {
        var writer = new TypeWriter();
        int integer = writer.integer("int", 4, true);
        int struct = writer.struct("value", 24, List.of(new Named("count", integer, 8)));
        int pointer = writer.pointer(struct);
        int prototype = writer.prototype(integer, List.of(Named.parameter("a", pointer)));
        int function = writer.function("first", prototype, TypeWriter.GLOBAL);
        int tag = writer.tag("arg:nonnull", function, 0);

        var types = writer.toBtf();

        assertThat(types.type(integer)).isEqualTo(new BtfType.Int("int", 4, true, false));
        assertThat(types.type(struct))
                .isEqualTo(
                        new BtfType.Struct(
                                "value",
                                24,
                                List.of(new BtfType.Member("count", integer, 64, 0)),
                                false));
        assertThat(types.type(pointer)).isEqualTo(new BtfType.Pointer(struct));
        assertThat(types.type(prototype))
                .isEqualTo(
                        new BtfType.Prototype(
                                integer, List.of(new BtfType.Parameter("a", pointer))));
        assertThat(types.type(function))
                .isEqualTo(new BtfType.Function("first", prototype, BtfType.Linkage.GLOBAL));
        assertThat(types.type(tag))
                .isEqualTo(new BtfType.DeclarationTag("arg:nonnull", function, 0));
        assertThat(types.size()).isEqualTo(tag + 1);
    }
}
