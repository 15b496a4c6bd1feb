package io.jsockmap.agent;

import java.util.List;

/**
 * The policy of a JVM, as JMX shows it to those who operate it: {@code io.jsockmap:type=Policy}.
 *
 * {@snippet class="io.jsockmap.agent.Program" region="jmx"}
 */
public interface PolicyMXBean {
    /** The policy's name. */
    String getName();

    /** The number of the version in force, from 1. */
    int getVersion();

    /** The versions that there were, the present one last: numbers, objects and since when. */
    List<String> getVersions();

    /** How many sockets are under it now. */
    int getSockets();

    /** Messages that were judged so far, received and sent. */
    long getMessages();

    /** Messages of those that were dropped. */
    long getDropped();

    /** Runs of programs that faulted, whose messages were dropped too. */
    long getFaults();

    /** Bytes that were lost without a verdict that says so. */
    long getLostBytes();

    /** Why what is written now is not in force, if it is watched; else empty. */
    String getProblem();

    /**
     * Puts the version before the present one into force again.
     *
     * @return the new version's number
     * @throws IllegalStateException if there is none, in words with the errno
     */
    int rollBack();

    /**
     * Puts what is written now into force.
     *
     * @return the new version's number
     * @throws IllegalStateException if it is refused, in words with the errno; the present one
     *     stays
     */
    int reload();
}
