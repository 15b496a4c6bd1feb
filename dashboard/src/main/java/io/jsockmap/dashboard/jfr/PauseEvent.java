package io.jsockmap.dashboard.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A judged message waited for room at its target: back-pressure */
@Name("jsockmap.Pause")
@Label("Pause")
@Description("A judged message waited for room at its target: back-pressure")
@Category("jsockmap")
@StackTrace(false)
final class PauseEvent extends Event {
    @Label("Socket")
    @Description("Whose message waited, by cookie")
    long socket;

    @Label("Target")
    @Description(
            "The cookie of the socket that had no room; its own, if its application did not read")
    long target;
}
