package io.jsockmap.cli;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.testkit.trace.TraceFilter;
import io.jsockmap.testkit.trace.TraceOptions;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that say which runs are printed, and how much of them. */
final class TraceOutput {
    @Option(
            names = "--filter",
            paramLabel = "EXPR",
            converter = FilterConverter.class,
            description = {
                "only runs with all of these, by commas: program=NAME,",
                "verdict=pass, drop, redirect, hold, parsed, return",
                "or fault, socket=COOKIE, port=N (of either end),",
                "text=PART (of the message)"
            })
    private TraceFilter filter = TraceFilter.ALL;

    @Option(names = "--no-lines", description = "without the lines of C and what they called")
    private boolean noLines;

    @Option(
            names = "--max-bytes",
            paramLabel = "N",
            converter = CountConverter.class,
            description = "as many bytes of each message (the default is 256)")
    private int maxBytes = TraceOptions.DEFAULT.maxBytes();

    TraceFilter filter() {
        return filter;
    }

    TraceOptions options() {
        return new TraceOptions(!noLines, maxBytes);
    }

    /** Reads a filter. */
    static final class FilterConverter implements ITypeConverter<TraceFilter> {
        @Override
        public TraceFilter convert(String text) {
            try {
                return TraceFilter.parse(text);
            } catch (BpfException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** Reads a number that is not negative. */
    static final class CountConverter implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            try {
                int count = Integer.parseInt(text);
                if (count >= 0) return count;
            } catch (NumberFormatException _) {
                // Said below, as for a negative one.
            }
            throw new TypeConversionException("'%s' is not a number from 0 on".formatted(text));
        }
    }
}
