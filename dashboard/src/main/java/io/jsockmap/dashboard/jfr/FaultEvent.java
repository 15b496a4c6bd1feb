package io.jsockmap.dashboard.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A program did what no program may, and its run was ended */
@Name("jsockmap.Fault")
@Label("Fault")
@Description("A program did what no program may, and its run was ended")
@Category("jsockmap")
@StackTrace(false)
final class FaultEvent extends Event {
    @Label("Socket")
    @Description("Its cookie")
    long socket;

    @Label("Fault")
    @Description("The program, the instruction, what it did, and the C line")
    String fault;
}
