package io.jsockmap.dashboard.state;

/**
 * What should not have happened.
 *
 * @param time milliseconds since 1970
 * @param kind {@code fault}, {@code loss}, {@code refusal} or {@code failure}
 * @param socket whose
 * @param text what happened
 */
public record IncidentRow(long time, String kind, String socket, String text) {}
