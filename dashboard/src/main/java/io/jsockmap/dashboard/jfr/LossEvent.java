package io.jsockmap.dashboard.jfr;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** Bytes were thrown away without a verdict that says so */
@Name("jsockmap.Loss")
@Label("Loss")
@Description("Bytes were thrown away without a verdict that says so")
@Category("jsockmap")
@StackTrace(false)
final class LossEvent extends Event {
    @Label("Socket")
    @Description("Its cookie")
    long socket;

    @Label("Bytes")
    @DataAmount
    long bytes;

    @Label("Reason")
    String reason;
}
