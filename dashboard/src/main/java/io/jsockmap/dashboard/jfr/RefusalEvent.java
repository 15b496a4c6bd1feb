package io.jsockmap.dashboard.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A sock_ops program could not insert a socket */
@Name("jsockmap.Refusal")
@Label("Refusal")
@Description("A sock_ops program could not insert a socket")
@Category("jsockmap")
@StackTrace(false)
final class RefusalEvent extends Event {
    @Label("Socket")
    @Description("Its cookie")
    long socket;

    @Label("Reason")
    @Description("The errno, the map and the key")
    String reason;
}
