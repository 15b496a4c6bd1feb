package io.jsockmap.dashboard.jfr;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Throttle;

/** A program dropped a message; 10,000 a second at the most, unless throttle=off */
@Name("jsockmap.Drop")
@Label("Drop")
@Description("A program dropped a message; 10,000 a second at the most, unless throttle=off")
@Category("jsockmap")
@StackTrace(false)
@Throttle("10000/s")
final class DropEvent extends Event {
    @Label("Socket")
    @Description("Its cookie")
    long socket;

    @Label("Received")
    @Description("Whether the message was received, or else sent")
    boolean received;

    @Label("Program")
    String program;

    @Label("Bytes")
    @DataAmount
    int bytes;

    @Label("Line")
    @Description("The C line that decided")
    String line;
}
