package io.jsockmap.dashboard.state;

/**
 * The sockets of one name.
 *
 * @param name {@code client}, {@code upstream} ...; {@code other} for sockets of no connection
 * @param sockets how many there are
 */
public record GroupRow(String name, int sockets) {}
