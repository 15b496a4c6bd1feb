package io.jsockmap.testkit.cover;

/**
 * A conditional jump of a line. Jumps that stand at one place of the source in several functions or
 * programs are one branch.
 *
 * {@snippet class="io.jsockmap.testkit.examples.CoverageExamples" region="untested"}
 *
 * @param column where in the line, from 1; 0 if unknown
 * @param place its place among the jumps of that column, from 0
 * @param condition what it asks, by the instruction's name: {@code JNE}
 * @param taken how often it was taken
 * @param notTaken how often it was not
 */
public record Branch(int column, int place, String condition, long taken, long notTaken) {
    /** How many of its two directions were gone. */
    public int hit() {
        return (taken > 0 ? 1 : 0) + (notTaken > 0 ? 1 : 0);
    }

    Branch plus(long moreTaken, long moreNotTaken) {
        return new Branch(column, place, condition, taken + moreTaken, notTaken + moreNotTaken);
    }
}
