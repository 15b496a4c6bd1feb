package io.jsockmap.dashboard.jfr;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Throttle;

/** A message went to another socket; 10,000 a second at the most, unless throttle=off */
@Name("jsockmap.Redirect")
@Label("Redirect")
@Description("A message went to another socket; 10,000 a second at the most, unless throttle=off")
@Category("jsockmap")
@StackTrace(false)
@Throttle("10000/s")
final class RedirectEvent extends Event {
    @Label("Socket")
    @Description("Whose message it was, by cookie")
    long socket;

    @Label("Target")
    @Description("The cookie of the socket where it went")
    long target;

    @Label("Ingress")
    @Description("Whether it went to the target's application, or else to its peer")
    boolean ingress;

    @Label("Program")
    String program;

    @Label("Bytes")
    @DataAmount
    int bytes;
}
