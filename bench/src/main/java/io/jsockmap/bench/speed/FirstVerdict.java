package io.jsockmap.bench.speed;

/** From the bytes of an object to what its program first says: loading, verifying, a run. */
final class FirstVerdict {
    private FirstVerdict() {}

    /** Prints the nanoseconds of the first that a fresh JVM sees: ENGINE SUBJECT. */
    static void main(String[] arguments) {
        var engine = arguments[0];
        for (int i = 1; i < arguments.length; i++) {
            IO.println(nanoseconds(SpeedSubject.named(arguments[i]), engine));
        }
    }

    static long nanoseconds(SpeedSubject subject, String engine) {
        var file = subject.file();
        long start = System.nanoTime();
        var program = subject.load(file);
        long result = Engines.of(engine, program, subject.packet()).run();
        long nanoseconds = System.nanoTime() - start;
        subject.check(engine, result);
        return nanoseconds;
    }
}
