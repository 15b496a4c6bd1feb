package io.jsockmap.dashboard.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A socket changed its state */
@Name("jsockmap.State")
@Label("Socket State")
@Description("A socket changed its state")
@Category("jsockmap")
@StackTrace(false)
final class StateEvent extends Event {
    @Label("Socket")
    @Description("Its cookie")
    long socket;

    @Label("Addresses")
    String addresses;

    @Label("From")
    String from;

    @Label("To")
    String to;
}
