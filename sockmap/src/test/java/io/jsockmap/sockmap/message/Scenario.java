package io.jsockmap.sockmap.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A script, and what a socket sends through it, made from a seed.
 *
 * @param seed what it was made from
 * @param parts the script
 * @param sends sizes of the parts of each send
 * @param shutBefore before which send the target under key 1 shuts its output; none if too high
 */
record Scenario(long seed, List<Part> parts, List<List<Integer>> sends, int shutBefore) {
    static Scenario of(long seed) {
        return new Maker(seed).make();
    }

    private static final class Maker {
        private static final int SENDS = 12;
        private static final int PARTS = 5;
        private static final int STEPS = 5;

        private final long seed;
        private final Random random;

        /** The longest send. */
        private final int scale;

        Maker(long seed) {
            this.seed = seed;
            random = new Random(seed);
            // Seeds next to each other begin alike.
            for (int i = 0; i < 10; i++) random.nextInt();
            scale =
                    switch (random.nextInt(200)) {
                        case 0 -> 600_000;
                        case 1, 2, 3 -> 70_000;
                        case 4, 5, 6, 7, 8, 9, 10, 11, 12, 13 -> 5_000;
                        default -> 8 + random.nextInt(200);
                    };
        }

        Scenario make() {
            List<Part> parts = new ArrayList<>();
            for (int i = random.nextInt(PARTS); i >= 0; i--) parts.add(part());
            List<List<Integer>> sends = new ArrayList<>();
            int most = scale > 100_000 ? 3 : SENDS;
            for (int i = random.nextInt(most); i >= 0; i--) sends.add(send());
            return new Scenario(seed, parts, sends, random.nextInt(4 * SENDS));
        }

        private List<Integer> send() {
            List<Integer> sizes = new ArrayList<>();
            int buffers = 1 + (random.nextBoolean() ? 0 : random.nextInt(4));
            for (int i = 0; i < buffers; i++) sizes.add(random.nextInt(scale / buffers + 1));
            return sizes;
        }

        private Part part() {
            var part = Part.run();
            for (int i = random.nextInt(STEPS + 1); i > 0; i--) step(part);
            switch (random.nextInt(9)) {
                case 0 -> part.returns(0);
                case 1 -> part.returnsLast();
                case 2 -> part.dropsOnFailure();
                default -> {}
            }
            return part;
        }

        private void step(Part part) {
            switch (random.nextInt(12)) {
                case 0, 1 -> part.apply(applied());
                case 2, 3 -> part.cork(random.nextInt(3 * scale));
                case 4, 5 -> part.pull(place(), place()).flags(random.nextInt(20) / 19);
                case 6 -> part.push(place(), random.nextInt(pushed() + 1));
                case 7 -> part.pop(place(), random.nextInt(scale / 2));
                case 8 -> part.redirect(random.nextInt(3)).flags(random.nextInt(2));
                case 9 -> part.redirectByHash(random.nextInt(3), random.nextInt(5));
                case 10 ->
                        part.store(random.nextInt(1 + random.nextInt(scale)), random.nextInt(256));
                default -> part.load(random.nextInt(1 + random.nextInt(scale)));
            }
        }

        /** Less than what any verdict is for: else messages would grow. */
        private int pushed() {
            return Math.max(1, scale / 40);
        }

        private long applied() {
            return switch (random.nextInt(8)) {
                case 0 -> 0;
                case 1 -> 0xffff_ffffL;
                default -> STEPS * pushed() + 1 + scale / 8 + random.nextInt(2 * scale);
            };
        }

        /** Mostly within a message, sometimes at its ends or beyond. */
        private int place() {
            return switch (random.nextInt(6)) {
                case 0 -> 0;
                case 1 -> random.nextInt(2 * scale);
                default -> random.nextInt(scale / 2);
            };
        }
    }
}
